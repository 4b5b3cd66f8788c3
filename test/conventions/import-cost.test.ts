import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from '../support/run-cli.ts';

/** Runs in the thread of a loader: prints every module that is loaded. */
const LOADER = `export async function load(url, context, next) {
  process._rawDebug(url);
  return next(url, context);
}`;

/** Returns the modules that a program loads to import an entry of the built package. */
async function loadedBy(entry: string): Promise<readonly string[]> {
  const program = `import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(LOADER)}));
    await import(${JSON.stringify(entry)});`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT });
  return stderr.trim().split('\n');
}

const inPackage = (url: string): boolean => url.startsWith('file:') && !url.includes('/node_modules/');

it("import 'decant' loads few files, and no packages that wait for their use", async () => {
  const modules = await loadedBy('decant');
  const files = modules.filter(inPackage).map(url => fileURLToPath(url).slice(ROOT.length));
  expect(files).toContain('dist/index.js');
  expect(files.length, files.join('\n')).toBeLessThanOrEqual(5);
  expect(modules.filter(url => url.includes('/node_modules/'))).toEqual([]);
  expect(modules).not.toContain('node:http');
});

it("import 'decant/convert' loads no module of Node", async () => {
  const modules = await loadedBy('decant/convert');
  expect(modules.some(inPackage)).toBe(true);
  expect(modules.filter(url => url.startsWith('node:'))).toEqual([]);
});

it('no published file imports what only the repository has', async () => {
  const dist = join(ROOT, 'dist');
  const names = (await readdir(dist, { recursive: true })).filter(name => name.endsWith('.js'));
  const importing = await Promise.all(
    names.map(async name => ((await readFile(join(dist, name), 'utf8')).includes('/internals.js"') ? [name] : [])),
  );
  expect(names).toContain('internals.js');
  expect(importing.flat()).toEqual([]);
});
