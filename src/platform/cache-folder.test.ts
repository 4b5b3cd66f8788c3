import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheFolder, cacheRoot } from './cache-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'decant-cache-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('cacheRoot', () => {
  it('is DECANT_CACHE if set', () => {
    vi.stubEnv('DECANT_CACHE', folder);
    expect(cacheRoot()).toBe(folder);
    vi.stubEnv('DECANT_CACHE', 'here');
    expect(cacheRoot).toThrow("DECANT_CACHE is 'here', a relative path");
  });

  it.runIf(process.platform === 'linux')('follows the XDG specification', () => {
    vi.stubEnv('DECANT_CACHE', '');
    vi.stubEnv('XDG_CACHE_HOME', folder);
    expect(cacheRoot()).toBe(join(folder, 'decant'));
    vi.stubEnv('XDG_CACHE_HOME', 'relative');
    expect(cacheRoot()).toBe(join(homedir(), '.cache', 'decant'));
  });
});

describe('cacheFolder', () => {
  it('is created on demand', async () => {
    vi.stubEnv('DECANT_CACHE', join(folder, 'not', 'yet'));
    expect(existsSync(cacheRoot())).toBe(false);
    const created = await cacheFolder('a', 'b');
    expect(created).toBe(join(folder, 'not', 'yet', 'a', 'b'));
    expect(statSync(created).isDirectory()).toBe(true);
    expect(await cacheFolder('a', 'b')).toBe(created);
  });

  it('reports that it cannot be created', async () => {
    writeFileSync(join(folder, 'file'), '');
    vi.stubEnv('DECANT_CACHE', join(folder, 'file'));
    await expect(cacheFolder('a')).rejects.toMatchObject({
      code: 'io',
      message: `cannot create the cache folder ${join(folder, 'file', 'a')}`,
      remedy: expect.stringContaining('DECANT_CACHE') as string,
    });
  });
});
