import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyModel, LIVENESS } from '../support/models.ts';
import { convertModel, saveModel, Tensor } from '../../src/index.ts';
import { core } from '../support/openvino.ts';
import { compileBlocks, folderInPackage, runBlock } from './code-blocks.ts';

/** The output of an IR for a batch of two noise images. */
async function outputOf(xml: string): Promise<readonly number[]> {
  const data = Float32Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => Math.sin(i * i) / 20);
  using model = await core.readModel(xml);
  using compiled = await core.compileModel(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
  using request = compiled.createInferRequest();
  const outputs = await request.inferAsync({ conv2d_1_input: new Tensor('f32', [2, 32, 32, 3], data) });
  return Array.from(Object.values(outputs)[0]!.data, Number);
}

it('the example op of the documentation works', async () => {
  const folder = await folderInPackage();
  await copyModel(folder, ({ modelTopology: { node } }) => {
    const softmax = node.find(({ op }) => op === 'Softmax')!;
    softmax.op = 'TemperedSoftmax';
    softmax.attr = { ...softmax.attr, temperature: { f: 2 } };
  });
  await expect(convertModel(join(folder, 'model.json'))).rejects.toThrow(/TemperedSoftmax \(1, such as/);
  expect(await compileBlocks('docs/adding-an-op.md', folder)).toBe(1);
  await runBlock(folder, 0);

  // With temperature 2, probabilities are the normalized square roots of the plain ones.
  await saveModel(await convertModel(LIVENESS), join(folder, 'plain.xml'));
  const roots = (await outputOf(join(folder, 'plain.xml'))).map(Math.sqrt);
  const expected = roots.map((root, i) => root / (root + roots[i ^ 1]!));
  const tempered = await outputOf(join(folder, 'model.xml'));
  for (const [i, share] of expected.entries()) expect(tempered[i]).toBeCloseTo(share, 5);
  expect(expected.some(share => share > 0.01 && share < 0.99)).toBe(true);
});
