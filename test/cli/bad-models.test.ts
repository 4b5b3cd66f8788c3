import { mkdir, readFile, rm, truncate, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parameter, result, tinyIr } from '../support/tiny-ir.ts';
import { copyModel, type ModelJson, PHOTO } from '../support/models.ts';
import { decant, expectFailure, filesBelow, temporaryFolder } from '../support/run-cli.ts';

/** Expects a conversion to fail with a message, and to write no files. */
async function expectRefused(folder: string, model: string, ...says: readonly string[]): Promise<void> {
  const before = await filesBelow(folder);
  expectFailure(await decant(['convert', model, '-o', join(folder, 'out.xml')]), 1, ...says);
  expect(await filesBelow(folder)).toEqual(before);
}

const firstWeight = (model: ModelJson): ModelJson['weightsManifest'][0]['weights'][0] =>
  model.weightsManifest[0].weights[0]!;

it('reports a missing file', async () => {
  const folder = await temporaryFolder();
  await expectRefused(folder, join(folder, 'gone.json'), `'${join(folder, 'gone.json')}' does not exist`);
  await symlink('nowhere.json', join(folder, 'broken.json'));
  expectFailure(await decant(['info', join(folder, 'broken.json')]), 1, "It is a link to 'nowhere.json'.");
});

it('rejects a folder without a model, and lists the supported formats', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'empty'));
  await expectRefused(folder, join(folder, 'empty'), 'holds no files');
  await writeFile(join(folder, 'labels.txt'), 'cat');
  await writeFile(join(folder, 'notes.txt'), 'no model');
  await expectRefused(folder, folder, 'supports, only labels.txt, notes.txt', 'try: Pass one of');
});

it.each([
  ['an image', '\x89PNG\r\n\x1a\n', 'is an image'],
  ['an OpenVINO IR', '<?xml version="1.0"?><net name="x" version="11"></net>', 'is already an OpenVINO model'],
  ['a TensorFlow 2 checkpoint', 'model_checkpoint_path: "ckpt-1"', 'it holds weights but no graph'],
  ['a Keras model', '\x89HDF\r\n\x1a\n', 'is a Keras model'],
])('identifies %s', async (_what, content, says) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'model'), content, 'latin1');
  await expectRefused(folder, join(folder, 'model'), says, 'try: ');
});

it('rejects a truncated model.json', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder);
  const text = await readFile(path);
  // In descending order: each truncation starts from the previous one.
  for (const share of [0.999, 0.9, 0.5, 0.1]) {
    await truncate(path, Math.floor(text.byteLength * share));
    await expectRefused(folder, path, 'model.json');
  }
  await truncate(path, 1);
  await expectRefused(folder, path, 'is not a model that decant supports');
  await truncate(path, 0);
  await expectRefused(folder, path, 'is empty');
});

it('reports a missing weights file', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder);
  await rm(join(folder, 'weights.bin'));
  await expectRefused(folder, path, join(folder, 'weights.bin'));
});

it('rejects a weights file of the wrong size', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder);
  const weights = join(folder, 'weights.bin');
  const whole = await readFile(weights);
  await writeFile(weights, whole.subarray(0, -1));
  await expectRefused(folder, path, 'weights.bin', `but the files end at byte ${whole.byteLength - 1}`, 'try: ');
  await writeFile(weights, Buffer.concat([whole, whole.subarray(0, 4)]));
  await expectRefused(folder, path, 'weights.bin', `but the files end at byte ${whole.byteLength + 4}`, 'try: ');
});

it.each<[what: string, quantization: { dtype: string; scale?: number; min?: number }, says: string]>([
  ['of another size than the weights', { dtype: 'uint8', scale: 1, min: 0 }, 'the weights end at byte'],
  ['of an unknown type', { dtype: 'uint4', scale: 1, min: 0 }, "has unknown type 'uint4'"],
])('rejects a quantization %s', async (_what, quantization, says) => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder, model => (firstWeight(model).quantization = quantization));
  await expectRefused(folder, path, says);
});

it('rejects a quantization without scale and minimum', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder, model => {
    for (const weight of model.weightsManifest[0].weights) weight.quantization = { dtype: 'uint16' };
  });
  const weights = join(folder, 'weights.bin');
  await truncate(weights, (await readFile(weights)).byteLength / 2);
  await expectRefused(folder, path, 'has no quantization parameters to restore f32 from u16');
});

it('lists all unknown ops, with counts and a node of each', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder, ({ modelTopology: { node } }) => {
    for (const one of node) {
      if (one.op === 'MaxPool') one.op = 'MaximPool';
      if (one.op === 'Softmax') one.op = 'Softestmax';
    }
  });
  await expectRefused(folder, path, 'ops without a translator: MaximPool (2, such as ', 'Softestmax (1, such as ');
});

it('rejects a weight of an unknown type', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder, model => (firstWeight(model).dtype = 'float8'));
  await expectRefused(folder, path, "has unknown type 'float8'");
});

it('shows the path of a cycle', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder, ({ modelTopology: { node } }) => {
    const pool = node.find(({ op }) => op === 'MaxPool')!;
    pool.input = [node.find(({ input }) => input?.[0] === pool.name)!.name];
  });
  await expectRefused(folder, path, 'the graph has a cycle: ', ' -> ', 'try: ');
});

it('reports the missing input of a node', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder, ({ modelTopology: { node } }) => {
    node.find(({ op }) => op === 'MaxPool')!.input = ['nowhere'];
  });
  await expectRefused(folder, path, "uses 'nowhere', which is not in the graph");
});

it('rejects a shape that contradicts the input', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder);
  const convert = (shape: string): ReturnType<typeof decant> =>
    decant(['convert', path, '-o', join(folder, 'out.xml'), '--input-shape', shape]);
  expectFailure(await convert('[1,big]'), 2, "'[1,big]' is not a shape", 'try: ');
  expectFailure(await convert('[1,32,32,4]'), 2, 'cannot become [1,32,32,4]');
  expectFailure(
    await convert('other[1,32,32,3]'),
    1,
    "the model has no input 'other'",
    'try: Choose from the inputs conv2d_1_input',
  );
  expect(await filesBelow(folder)).toEqual(['model.json', 'weights.bin']);
});

it('rejects a model that is not a detector', async () => {
  const folder = await temporaryFolder();
  const path = await copyModel(folder);
  expectFailure(
    await decant(['detect', path, PHOTO]),
    1,
    'unrecognized detector: no supported convention matches',
    'try: ',
  );
});

it('suggests the list of model names for an unknown name', async () => {
  expectFailure(await decant(['info', 'nosuchmodel']), 1, "'nosuchmodel' does not exist", 'decant download --list');
});

it('names an IR that cannot be read', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'half.xml');
  await writeFile(path, tinyIr([parameter('x', 'f32', '2'), result('x')]).slice(0, -20));
  for (const command of [
    ['info', path],
    ['detect', path, PHOTO],
  ]) {
    expectFailure(await decant(command), 1, `where: reading ${path}`);
  }
});

it('rejects options of a conversion for an IR', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'model.xml');
  await writeFile(path, tinyIr([parameter('x', 'f32', '2'), result('x')]));
  for (const option of [
    ['--input-shape', '[1,2]'],
    ['--freeze', 'x=1'],
  ]) {
    expectFailure(await decant(['detect', path, PHOTO, ...option]), 2, 'is an IR', 'try: Choose them when');
  }
});

it('prints no binary data in errors', async () => {
  const results = join(await temporaryFolder(), 'results.json');
  for (const [bytes, reason] of [
    [[0x1b, 0x5b, 0x01, 0x07], 'is not JSON'],
    [[0x1b, 0x5b, 0x01, 0x07, 0xff], 'is not a text file in UTF-8'],
  ] as const) {
    await writeFile(results, Buffer.from(bytes));
    const { code, stderr } = await decant(['eval', '--results', results, '--annotations', results]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[\x20-\x7e\n]*$/);
    expect(stderr).toContain(reason);
  }
  expectFailure(await decant(['eval', '--results', PHOTO, '--annotations', PHOTO]), 1, 'is not a text file');
});
