import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSource } from '../../src/platform/open-source.ts';
import type { Source } from '../../src/source/source.ts';
import { readModel } from '../../src/tf/formats/read-model.ts';
import { prepareModel } from '../support/prepare-model.ts';
import { nodeBytes, proto } from '../support/proto-bytes.ts';
import { fixtureFiles } from './fixtures.ts';

const MODEL = await fixtureFiles('variables');
const FROZEN = proto(
  [1, nodeBytes('x', 'Placeholder', [], { dtype: proto([6, 1]) })],
  [1, nodeBytes('y', 'Relu', ['x'])],
);

/** The layout of model zoos: a SavedModel beside the files it was exported from. */
const ZOO = new Map([
  ...[...MODEL].map(([path, bytes]) => [`ssd_v2/saved_model/${path}`, bytes] as const),
  ['ssd_v2/pipeline.config', new TextEncoder().encode('model {\n  ssd {')],
  ['ssd_v2/frozen_inference_graph.pb', FROZEN],
  ['ssd_v2/model.ckpt.meta', proto([1, proto([4, 'train'])], [2, FROZEN])],
  ['ssd_v2/checkpoint/checkpoint', new TextEncoder().encode('model_checkpoint_path: "ckpt-0"')],
  ['ssd_v2/checkpoint/ckpt-0.index', new Uint8Array(100)],
  ['ssd_v2/checkpoint/ckpt-0.data-00000-of-00001', new Uint8Array(100_000)],
]);

type Files = ReadonlyMap<string, Uint8Array>;

const tar = (files: Files): Promise<Uint8Array> =>
  packTar([...files].map(([name, body]) => ({ header: { name, size: body.length, type: 'file' as const }, body })));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decant-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function write(files: Files): Promise<string> {
  const root = await mkdtemp(join(folder, 'model-'));
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  }
  return root;
}

async function expectTheModel(source: Source): Promise<void> {
  const model = await readModel(source);
  expect(model.format).toBe('saved-model');
  const { inputs, outputs } = await prepareModel(model);
  expect(inputs.map(({ name }) => name)).toEqual(['idle', 'x']);
  expect(outputs.map(({ name }) => name)).toEqual(['alpha', 'beta', 'steps', 'zeta']);
}

describe.each([
  ['at the root', MODEL],
  ['in a zoo archive', ZOO],
])('a SavedModel %s', (_, files) => {
  it('is read from a folder', async () => {
    await expectTheModel(await openSource(await write(files)));
  });

  it('is read from a .tar.gz', async () => {
    await expectTheModel(await openSource(gzipSync(await tar(files))));
  });

  it('is read from a .tar', async () => {
    await expectTheModel(await openSource(await tar(files)));
  });

  it('is read from a .zip', async () => {
    await expectTheModel(await openSource(zipSync(Object.fromEntries(files))));
  });
});

it('is read by its saved_model.pb, with the files beside it', async () => {
  const root = await write(ZOO);
  await expectTheModel(await openSource(join(root, 'ssd_v2/saved_model/saved_model.pb')));
  expect((await readModel(await openSource(join(root, 'ssd_v2/saved_model/saved_model.pb')))).name).toBe('ssd_v2');
  const alone = await write(new Map([['saved_model.pb', MODEL.get('saved_model.pb')!]]));
  const model = await readModel(await openSource(join(alone, 'saved_model.pb')));
  await expect(prepareModel(model)).rejects.toThrow('there is no checkpoint beside the graph');
});
