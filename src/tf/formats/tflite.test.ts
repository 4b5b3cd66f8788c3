import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOrRefuse } from '../../../test/support/read-or-refuse.ts';
import { FOLDER, LITE_CASES } from '../../../test/tflite/lite-cases.ts';
import { convertTfModel } from '../../convert.ts';
import { memorySource } from '../../source/memory-source.ts';
import type { TfModel } from '../model.ts';
import { readModel } from './read-model.ts';

const DETECTOR = new Uint8Array(readFileSync(join(FOLDER, 'detector.tflite')));

const read = (bytes: Uint8Array, file = 'ssd.tflite'): Promise<TfModel> =>
  readModel(memorySource(`/models/${file}`, [[file, bytes]]));

const caseOf = (name: string): Uint8Array => LITE_CASES.find(each => each.name === name)!.model;

/** The same bytes with one 32-bit word replaced, at the only place where `before` and then it occur. */
function replaced(bytes: Uint8Array, before: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  const found = Buffer.from(bytes).indexOf(before);
  expect(found).toBeGreaterThan(0);
  changed[found + at] = value;
  return changed;
}

describe('TensorFlow Lite models', () => {
  it('are recognized by content, and named after the file', async () => {
    const model = await read(DETECTOR, 'ssd.bin');
    expect(model).toMatchObject({ name: 'ssd.bin', format: 'tflite' });
    expect((await read(DETECTOR)).name).toBe('ssd');
  });

  it('have the names of their signature, and those of the op for detections', async () => {
    const { signatures, names } = await read(DETECTOR);
    const [signature] = signatures.values();
    expect([...signature!.inputs.keys()]).toEqual(['in0']);
    const op = 'TFLite_Detection_PostProcess';
    expect([...signature!.outputs.keys()].sort()).toEqual([op, `${op}:1`, `${op}:2`, `${op}:3`]);
    expect(names?.get(op)).toMatch(/^PartitionedCall:\d$/);
  });

  it('have class names and the normalization of their image in the metadata', async () => {
    expect((await read(DETECTOR)).detector).toEqual({
      labels: ['cat', undefined, 'hot dog'],
      classCount: 3,
      normalization: { mean: [100, 110, 120], std: [50, 60, 70] },
    });
  });

  it('keep quantized weights as integers', async () => {
    const { graph } = await convertTfModel(await read(caseOf('network i8')));
    const text = JSON.stringify([...graph.outputs.keys()]);
    expect(text).toContain('out0');
    const { graph: nodes } = await read(caseOf('network i8'));
    const kinds = [...nodes.values()].map(({ op }) => op);
    expect(kinds.filter(op => op === 'TFLite_Dequantize').length).toBeGreaterThan(5);
    expect(kinds.filter(op => op === 'TFLite_FakeQuantize').length).toBeGreaterThan(5);
  });

  it('list all ops that are not supported', async () => {
    const name = new TextEncoder().encode('TFLite_Detection_PostProcess');
    const unknown = replaced(DETECTOR, name, 0, 'X'.charCodeAt(0));
    await expect(read(unknown).then(model => convertTfModel(model))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/ops without a translator: XFLite_Detection_PostProcess \(1, such as '/) as string,
    });
  });

  it.each([
    ['the file identifier only', DETECTOR.subarray(0, 8)],
    ['half a file', DETECTOR.subarray(0, DETECTOR.length >> 1)],
  ])('are malformed with %s', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'malformed' });
  });

  it('are read or refused with any bytes changed', async () => {
    const seeds = ['CONV_2D SAME', 'DENSIFY', 'network i8', 'WHILE of a map', 'IF of i8'].map(caseOf);
    const change = fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(change, async ([seed, edits]) => {
        const bytes = seed.slice();
        for (const [at, value] of edits) bytes[8 + (at % (bytes.length - 8))] = value;
        await readOrRefuse(memorySource('case', [['case.tflite', bytes]]));
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
