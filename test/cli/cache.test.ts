import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { archive, sendFile, serve } from '../support/server.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import {
  decant,
  expectFailure,
  filesBelow,
  jsonOf,
  type Outcome,
  PROGRAM,
  temporaryFolder,
} from '../support/run-cli.ts';

interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly bytes: number;
  readonly used: string;
  readonly state: string;
  readonly paths: readonly string[];
}

const listed = async (env: Readonly<Record<string, string>>): Promise<readonly Entry[]> =>
  (jsonOf(await decant(['cache', 'ls', '--json'], { env })) as { readonly entries: readonly Entry[] }).entries;

/** A cache with a download and a converted model. */
async function filledCache(): Promise<Record<string, string>> {
  const env = { DECANT_CACHE: await temporaryFolder(), DECANT_OFFLINE: '', NO_PROXY: '127.0.0.1' };
  const server = await serve((request, response) => sendFile(request, response, archive()));
  expect((await decant(['download', `${server.url}/small.tar.gz`], { env })).code).toBe(0);
  expect((await decant(['detect', CENTERNET, PHOTO, '--json'], { env })).code).toBe(0);
  return env;
}

it('lists entries, and removes them by name', async () => {
  const env = await filledCache();
  const folder = env['DECANT_CACHE']!;
  const entries = await listed(env);
  expect(entries).toMatchObject([
    { kind: 'models', name: 'centernet', state: 'ready' },
    { kind: 'downloads', name: 'small', state: 'ready' },
  ]);
  for (const { bytes, paths, used } of entries) {
    expect(bytes).toBeGreaterThan(300_000);
    expect(paths.every(path => path.startsWith(folder))).toBe(true);
    expect(Math.abs(Date.parse(used) - Date.now())).toBeLessThan(120_000);
  }
  const { stdout } = await decant(['cache', 'ls'], { env });
  expect(stdout).toMatch(/^models {5}centernet {2}4\.5 MB {2}used today\ndownloads {2}small {6}301 kB {2}used today\n/);
  expect(stdout).toContain(` in ${folder}\n`);

  const removed = await decant(['cache', 'rm', 'small'], { env });
  expect(removed.stdout).toMatch(/^downloads {2}small {2}301 kB {2}used today\n301 kB removed from /);
  expect((await listed(env)).map(({ name }) => name)).toEqual(['centernet']);
  expectFailure(await decant(['cache', 'rm', 'small'], { env }), 1, "'small' is not in the cache", 'try: ');
  expectFailure(await decant(['cache', 'rm'], { env }), 2, 'no entries to remove were named', 'try: ');
  expect((await decant(['cache', 'rm', '--older-than', 'never'], { env })).code).toBe(2);
});

it('removes entries by age, or everything except settings', async () => {
  const env = await filledCache();
  const folder = env['DECANT_CACHE']!;
  await writeFile(join(folder, 'settings.json'), '{}');
  await mkdir(join(folder, 'openvino', '2025.0.0-linux-x64'), { recursive: true });
  await writeFile(join(folder, 'openvino', '2025.0.0-linux-x64', 'lib.so'), 'x'.repeat(1000));
  const old = new Date(Date.now() - 40 * 24 * 60 * 60 * 1000);
  await utimes(join(folder, 'openvino', '2025.0.0-linux-x64', 'lib.so'), old, old);
  expect((await decant(['cache', 'ls'], { env })).stdout).toMatch(
    /^openvino {3}openvino-2025\S+ +1 kB +used 40 days ago$/m,
  );
  const removed = jsonOf(await decant(['cache', 'rm', '--older-than', '30', '--json'], { env }));
  expect(removed).toMatchObject({ removed: [{ kind: 'openvino', name: 'openvino-2025.0.0-linux-x64' }], busy: [] });
  expect(await listed(env)).toHaveLength(2);
  expect((await decant(['cache', 'rm', '--all'], { env })).code).toBe(0);
  expect(await filesBelow(folder)).toEqual(['settings.json']);
  expect((await decant(['cache', 'ls'], { env })).stdout).toBe(`the cache ${folder} is empty\n`);
});

it('keeps a download that is in progress, and lists one as partial', async () => {
  const bytes = archive();
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': bytes.byteLength });
    response.write(bytes.subarray(0, 100_000));
  });
  const env = { DECANT_CACHE: await temporaryFolder(), DECANT_OFFLINE: '', NO_PROXY: '127.0.0.1' };
  const child = spawn(process.execPath, [PROGRAM, 'download', `${server.url}/big.tar.gz`], {
    env: { ...process.env, ...env },
  });
  const downloads = join(env.DECANT_CACHE, 'downloads');
  await expect.poll(() => sizeBelow(downloads), { timeout: 20_000 }).toBeGreaterThanOrEqual(100_000);
  expect(await listed(env)).toMatchObject([{ name: 'big', state: 'busy' }]);
  const { code, stderr } = await decant(['cache', 'rm', '--all'], { env });
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'big is in use by another process and was kept\n' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await listed(env)).toMatchObject([{ name: 'big', state: 'partial' }]);
  expect((await decant(['cache', 'rm', 'big'], { env })).code).toBe(0);
  expect(await readdir(downloads)).toEqual([]);
});

async function sizeBelow(folder: string): Promise<number> {
  const files = await filesBelow(folder).catch(() => []);
  const sizes = await Promise.all(files.map(async file => (await stat(join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

it('keeps what running processes use', async () => {
  const env = { DECANT_CACHE: await temporaryFolder() };
  const detect = (): Promise<Outcome> => decant(['detect', LIVENESS, PHOTO, '--json'], { env });
  // Fails after the model is converted and loaded: it is no detector. Any other error is one of the cache.
  const runs = Promise.all(Array.from({ length: 4 }, detect));
  const removals: Outcome[] = [];
  let running = true;
  void runs.then(() => (running = false));
  while (running) removals.push(await decant(['cache', 'rm', '--all', '--json'], { env }));
  for (const { stderr } of await runs) expect(stderr).toMatch(/^decant: unrecognized detector/);
  for (const { code, stderr } of removals)
    expect({ code: [0, 1].includes(code ?? 2), stderr }).toEqual({ code: true, stderr: '' });
  expect((await decant(['cache', 'rm', '--all'], { env })).code).toBe(0);
  expect(await filesBelow(env.DECANT_CACHE)).toEqual([]);
});
