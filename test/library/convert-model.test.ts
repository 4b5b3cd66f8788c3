import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convertModel, type ConvertModelOptions, memorySource } from '../../src/index.ts';
import { printGraph } from '../../src/ov/print-graph.ts';
import { copyModel, LIVENESS } from '../support/models.ts';
import { temporaryFolder } from '../support/run-cli.ts';

describe('convertModel', () => {
  it('reports each step', async () => {
    const steps: object[] = [];
    const { conversion } = await convertModel(LIVENESS, { onStep: step => steps.push(step) });
    expect(steps).toEqual(conversion.steps);
    const names = conversion.steps.map(({ stage }) => stage);
    expect([...new Set(names)]).toEqual(['read', 'prepare', 'translate', 'optimize', 'compress']);
  });

  it('accepts a path or a source', async () => {
    const files = await Promise.all(
      ['.json', '.bin'].map(async ending => {
        return [`liveness${ending}`, await readFile(LIVENESS.replace('.json', ending))] as const;
      }),
    );
    const fromPath = await convertModel(LIVENESS);
    const fromMemory = await convertModel(memorySource('liveness', files));
    expect(fromMemory.name).toBe('liveness');
    expect(printGraph(fromMemory.conversion.graph)).toEqual(printGraph(fromPath.conversion.graph));
  });

  it.each<[NonNullable<ConvertModelOptions['inputShapes']>]>([
    ['conv2d_1_input[2,32,32,3]'],
    [[2, 32, 32, 3]],
    [{ conv2d_1_input: [2, -1, -1, -1] }],
  ])('fixes shapes given as %j', async inputShapes => {
    const { conversion } = await convertModel(LIVENESS, { inputShapes });
    expect([...conversion.graph.inputs.values()].map(({ shape }) => shape)).toEqual([[2, 32, 32, 3]]);
    expect([...conversion.graph.outputs.values()].map(({ shape }) => shape)).toEqual([[2, 2]]);
  });

  it('uses custom translators for unsupported ops', async () => {
    const path = await copyModel(await temporaryFolder(), ({ modelTopology: { node } }) => {
      node.find(({ op }) => op === 'Softmax')!.op = 'Softestmax';
    });
    await expect(convertModel(path)).rejects.toMatchObject({ code: 'unsupported' });
    const { conversion } = await convertModel(path, { translators: { Softestmax: op => op.input(0) } });
    expect(printGraph(conversion.graph).text).not.toContain('SoftMax');
  });

  it('rejects bytes that are not a model', async () => {
    const bytes = await readFile(join(import.meta.dirname, 'convert-model.test.ts'));
    await expect(convertModel(bytes)).rejects.toMatchObject({ code: 'not-a-model' });
    await expect(convertModel(new Uint8Array())).rejects.toMatchObject({ code: 'not-a-model' });
  });
});
