import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow, run, temporaryFolder } from '../../test/support/run-cli.ts';
import { AtomicFile } from './atomic-file.ts';

it('appears at its path when it is finished', async () => {
  const path = join(await temporaryFolder(), 'new', 'results.csv');
  const file = await AtomicFile.create(path);
  await file.write('a,b\n');
  await file.write('ä,"☃"\n');
  expect(await filesBelow(join(path, '..'))).toEqual([expect.stringMatching(/^\.results\.csv\..*\.part$/)]);
  await file.finish();
  expect(await readFile(path, 'utf8')).toBe('a,b\nä,"☃"\n');
  expect(await readdir(join(path, '..'))).toEqual(['results.csv']);
});

it('keeps an existing file when it is discarded', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'results.csv');
  await writeFile(path, 'before');
  const file = await AtomicFile.create(path);
  await file.write('after');
  await file.discard();
  expect(await readFile(path, 'utf8')).toBe('before');
  expect(await readdir(folder)).toEqual(['results.csv']);
});

it('is removed when the process exits', async () => {
  const folder = await temporaryFolder();
  const module = new URL('../../dist/internals.js', import.meta.url).href;
  const script = `const { AtomicFile } = await import(${JSON.stringify(module)});
    await (await AtomicFile.create(${JSON.stringify(join(folder, 'x.csv'))})).write('half');
    process.exit(3);`;
  expect((await run(process.execPath, ['--input-type=module', '-e', script])).code).toBe(3);
  expect(await readdir(folder)).toEqual([]);
});

it('reports why it cannot be written', async () => {
  const folder = await temporaryFolder();
  await expect(AtomicFile.create(folder)).rejects.toMatchObject({ code: 'io' });
  await writeFile(join(folder, 'file'), '');
  // Windows reports a file in the path like a missing folder.
  const reason = process.platform === 'win32' ? 'the folder cannot be created' : 'a part of the path is a file';
  await expect(AtomicFile.create(join(folder, 'file', 'x'))).rejects.toThrow(reason);
});
