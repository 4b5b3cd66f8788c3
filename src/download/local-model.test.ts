import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
