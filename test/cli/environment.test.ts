import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, PROGRAM, run, temporaryFolder } from '../support/run-cli.ts';

const DETECT = ['detect', CENTERNET, PHOTO, '--json'];

it.each([
  ['/proc/x', 1, 'cannot create the cache folder /proc/x/models'],
  ['/dev/null', 1, 'cannot create the cache folder /dev/null/models'],
  ['relative', 2, "DECANT_CACHE is 'relative', a relative path"],
])('rejects the cache folder %s', async (DECANT_CACHE, code, message) => {
  const cwd = await temporaryFolder();
  expectFailure(await decant(DETECT, { cwd, env: { DECANT_CACHE } }), code, message, 'try: ');
  expect(await readdir(cwd)).toEqual([]);
});

it('takes the home folder from the system if HOME is empty or relative', async () => {
  const cwd = await temporaryFolder();
  for (const HOME of ['', 'here']) {
    const outcome = await decant(['cache', 'ls'], { cwd, env: { HOME, DECANT_CACHE: '', XDG_CACHE_HOME: '' } });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(/ in \/|cache \/.* is empty/);
  }
  expect(await readdir(cwd)).toEqual([]);
});

it('runs nothing from the working folder', async () => {
  const cwd = await temporaryFolder();
  const ran = join(cwd, 'ran');
  for (const name of ['pip', 'runpy', 'threading', 'sitecustomize']) {
    await writeFile(join(cwd, `${name}.py`), `open(${JSON.stringify(ran)}, 'w')\n`);
  }
  for (const name of ['python', 'python3']) {
    await writeFile(join(cwd, name), `#!/bin/sh\n: > '${ran}'\n`, { mode: 0o755 });
  }
  const PATH = `.:${process.env['PATH'] ?? ''}`;
  const env = { PATH, PYTHONPATH: '.', PIP_NO_INDEX: '1', DECANT_OPENVINO: '', DECANT_CACHE: join(cwd, 'cache') };
  const { code, stderr } = await decant(['setup', '--force'], { cwd, env });
  expect(stderr).toMatch(/pip cannot download openvino|Python 3 with pip was not found/);
  expect(code).toBe(1);
  expect(await readdir(cwd)).not.toContain('ran');
  expect(await readdir(join(cwd, 'cache', 'openvino'))).toEqual([]);
});

it('reports that the working folder was removed', async () => {
  const folder = join(await temporaryFolder(), 'gone');
  await mkdir(folder);
  const script = 'cd "$1"; rmdir "$1"; shift; "$@"';
  const command = [process.execPath, PROGRAM, 'convert', CENTERNET];
  const outcome = await run('sh', ['-c', script, 'sh', folder, ...command]);
  expectFailure(outcome, 1, 'the working folder no longer exists', 'try: ');
});
