import { describe, expect, it } from 'vitest';
import { runConversion } from '../../src/convert.ts';
import { memorySource } from '../../src/source/memory-source.ts';
import { numbersOf, tensorOf } from '../../src/tensor/tensor.ts';
import { readModel } from '../../src/tf/formats/read-model.ts';
import { runOnOpenVino } from '../ops/run-on-openvino.ts';
import { ANSWERS, fixture, fixtureFiles, type Tensors } from './fixtures.ts';

/** Tensors as plain data, rounded to tolerate another order of f32 operations. */
const plain = (tensors: Tensors): unknown =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      [tensor.type, tensor.shape, [...numbersOf(tensor)].map(x => Number(x.toFixed(5)))],
    ]),
  );

const IMAGE = tensorOf('u8', [1, 2, 2, 3], [0, 10, 20, 1, 11, 21, 2, 12, 22, 9, 19, 29]);

describe('a model saved by TensorFlow', () => {
  it.each([...ANSWERS.keys()])('computes the outputs of TensorFlow: %s', async name => {
    const { inputs, outputs } = ANSWERS.get(name)!;
    const { graph } = await runConversion(await fixture(name), { compressToFp16: false });
    expect([...graph.inputs.keys()].sort()).toEqual(Object.keys(inputs).sort());
    const answer = await runOnOpenVino(graph, new Map(Object.entries(inputs)));
    expect(plain(Object.fromEntries(answer.outputs))).toEqual(plain(outputs));
    // One output for each key of the signature, in sorted order, even if two share a tensor.
    expect([...answer.inferred.keys()]).toEqual(Object.keys(outputs).sort());
  });

  it.each([
    ['encoded-several', 'images'],
    ['encoded-one', 'image'],
    ['encoded-tf1', 'images'],
  ])('takes decoded images instead of encoded ones: %s', async (name, input) => {
    const { graph, notes } = await runConversion(await fixture(name));
    expect(graph.inputs.get(input)).toMatchObject({ type: 'u8' });
    expect(notes).toEqual([expect.stringContaining(`Input '${input}' takes a decoded image`)]);
    const { outputs } = await runOnOpenVino(graph, new Map([[input, IMAGE]]));
    expect(plain(Object.fromEntries(outputs))).toEqual({ mean: ['f32', [1, 3], [3, 13, 23]] });
  });

  it('has selectable signatures', async () => {
    const source = await fixture('signatures');
    await expect(runConversion(source)).rejects.toMatchObject({
      code: 'invalid-argument',
      remedy: 'Choose one with --signature: double, negative.',
    });
    const x = tensorOf('f32', [2], [1, -2]);
    const answer = async (signature: string): Promise<readonly number[]> => {
      const { graph } = await runConversion(source, { signature });
      return [...numbersOf((await runOnOpenVino(graph, new Map([['x', x]]))).outputs.get('y')!)];
    };
    expect(await answer('double')).toEqual([2, -4]);
    expect(await answer('negative')).toEqual([-1, 2]);
    await expect(runConversion(await fixture('no-signature'))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('is rejected with a checkpoint in the old format', async () => {
    const files = await fixtureFiles('meta-graph-v1');
    const checkpoint = files.get('model.ckpt-7')!;
    await expect(readModel(memorySource('m', files))).rejects.toMatchObject({ code: 'unsupported' });
    await expect(readModel(memorySource('m', [['model.ckpt-7', checkpoint]]))).rejects.toMatchObject({
      code: 'not-a-model',
      message: `'m' is a checkpoint in the format used before TensorFlow 0.12: it holds weights but no graph`,
    });
  });
});
