import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decant-fingerprint-'));
  await writeFile(join(folder, 'model.json'), '{"weightsManifest": [{"paths": ["a \\"1\\".bin", "b.bin"]}]}');
  for (const name of ['b.bin', 'c.bin']) await writeFile(join(folder, name), 'weights');
});
afterEach(() => rm(folder, { recursive: true }));

describe('fingerprint', () => {
  it('is stable, and depends on the keys', async () => {
    const model = join(folder, 'model.json');
    const first = await fingerprint(model, '1', 'a');
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(await fingerprint(model, '1', 'a')).toBe(first);
    expect(await fingerprint(model, '1', 'b')).not.toBe(first);
    expect(await fingerprint(model, '1a', '')).not.toBe(first);
  });

  it.each([
    ['b.bin', true],
    ['c.bin', false],
  ])('of a model.json depends on its own weights only: %s %j', async (name, expected) => {
    const first = await fingerprint(join(folder, 'model.json'));
    await utimes(join(folder, name), 1, 1);
    expect((await fingerprint(join(folder, 'model.json'))) !== first).toBe(expected);
  });

  it('of a folder depends on every file', async () => {
    const first = await fingerprint(folder);
    await writeFile(join(folder, 'new'), '');
    expect(await fingerprint(folder)).not.toBe(first);
  });

  it('rejects a missing path', async () => {
    await expect(fingerprint(join(folder, 'gone'))).rejects.toMatchObject({ code: 'not-found' });
  });
});
