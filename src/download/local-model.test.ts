import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DecantError } from '../errors.ts';
import { localModel } from './local-model.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decant-local-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('finds the graph of a checkpoint by its prefix', async () => {
  const prefix = join(folder, 'model.ckpt-7');
  await writeFile(`${prefix}.index`, '');
  await expect(localModel(prefix)).rejects.toMatchObject({
    code: 'not-a-model',
    message: `'${prefix}' is a checkpoint without its graph: there is no '${prefix}.meta'`,
  });
  await writeFile(`${prefix}.meta`, '');
  expect(await localModel(prefix)).toBe(`${prefix}.meta`);
  for (const file of [`${prefix}.index`, `${prefix}.data-00000-of-00001`]) {
    await writeFile(file, '');
    expect(await localModel(file)).toBe(`${prefix}.meta`);
  }
});

it('leaves checkpoint files without a graph to the readers', async () => {
  const file = join(folder, 'weights.index');
  await writeFile(file, '');
  expect(await localModel(file)).toBe(file);
});

it('suggests files near a mistyped path before models of that name', async () => {
  await mkdir(join(folder, 'models'));
  for (const name of ['centernet.json', 'centernet.bin', 'efficientdet_d0.tar.gz']) {
    await writeFile(join(folder, 'models', name), '');
  }
  const remedyOf = async (path: string): Promise<unknown> =>
    localModel(join(folder, path)).then(
      () => undefined,
      (thrown: unknown) => (thrown as DecantError).remedy,
    );
  const centernet = join(folder, 'models', 'centernet.json');
  expect(await remedyOf('models/centernet.jsn')).toBe(`Did you mean '${centernet}'?`);
  expect(await remedyOf('modles/centernet.json')).toBe(`Did you mean '${centernet}'?`);
  expect(await remedyOf('models/centernet')).toBe(`Did you mean '${centernet}'?`);
  expect(await remedyOf('models/efficientdet_d1')).toMatch(/^Did you mean '.*efficientdet_d0.tar.gz'\? Or the model /);
  expect(await remedyOf('models/zebra.pb')).toBeUndefined();
});
