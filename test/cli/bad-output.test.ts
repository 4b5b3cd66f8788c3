import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeClip } from '../support/clips.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { decant, expectFailure, filesBelow, type Outcome, PROGRAM, run, temporaryFolder } from '../support/run-cli.ts';

/** Options of `unshare` for a private mount, as root or as root of a user namespace; undefined if neither is allowed. */
const UNSHARE = [['--mount'], ['--mount', '--user', '--map-root-user']].find(
  options => spawnSync('unshare', [...options, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
);

/** Runs `decant` in its own file system, and prints the names of the files left there. */
async function decantOn(mountOptions: string, ...args: readonly string[]): Promise<Outcome> {
  const script = `
    mount -t tmpfs -o "$1" tmpfs "$2" && cd "$2" || exit 99
    shift 2
    "$@"
    code=$?
    ls -A
    exit $code`;
  const folder = await temporaryFolder();
  const command = [process.execPath, PROGRAM, ...args];
  return run('unshare', [...UNSHARE!, 'sh', '-c', script, 'sh', mountOptions, folder, ...command]);
}

it.runIf(UNSHARE)('reports a full disk, and leaves no files', async () => {
  const weights = "cannot write 'out.bin': the disk is full";
  const graph = "cannot write 'out.xml': the disk is full";
  expectFailure(await decantOn('size=100k', 'convert', LIVENESS, '-o', 'out.xml'), 1, weights, 'try: Free some space');
  // Enough space for the weights (298 kB), but not for the .xml after them.
  expectFailure(await decantOn('size=300k', 'convert', LIVENESS, '-o', 'out.xml'), 1, graph);
  const detected = await decantOn('size=100k', 'detect', CENTERNET, PHOTO, '--json', '--save', 'found.png');
  expectFailure(detected, 1, "cannot write 'found.png': the disk is full");
});

it.runIf(UNSHARE)('reports a full disk while writing a video', async () => {
  const clip = makeClip(join(await temporaryFolder(), 'clip.mp4'), '640x360', '30', '-vf', 'noise=alls=60:allf=t');
  const args = ['--json', '--max-frames', '12', '--save', 'found.mp4'];
  const { code, stdout, stderr } = await decantOn('size=100k', 'detect', CENTERNET, clip, ...args);
  const message =
    "decant: cannot write 'found.mp4': the disk is full\n  try: Free some space, or choose another folder.\n";
  expect({ code, stderr }).toEqual({ code: 1, stderr: message });
  expect(stdout.trimEnd().split('\n')).not.toContain('found.mp4');
});

it.runIf(UNSHARE)('leaves no incomplete results on a full disk', async () => {
  const photos = Array.from({ length: 6 }, () => PHOTO);
  const args = ['--threshold', '0', '--format', 'json', '-o', 'found.json'];
  const { code, stdout, stderr } = await decantOn('size=100k', 'detect', CENTERNET, ...photos, ...args);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining("decant: cannot write 'found.json': the disk is full\n  try: Free some") as string,
  });
  expect(stdout.trimEnd().split('\n')).not.toContain('found.json');
});

it.runIf(UNSHARE)('reports a read-only file system', async () => {
  const outcome = await decantOn('ro', 'convert', LIVENESS, '-o', 'new/out.xml');
  expectFailure(outcome, 1, "cannot write 'new/out.xml': the file system is read-only", 'try: Choose another folder.');
});

it.skipIf(process.getuid?.() === 0)('reports a folder without write permission', async () => {
  const folder = await temporaryFolder();
  await chmod(folder, 0o555);
  const outcome = await decant(['convert', LIVENESS, '-o', join(folder, 'out.xml')]);
  expectFailure(outcome, 1, 'permission denied', 'try: Choose another folder.');
});

it('keeps existing files and folders that block the output', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'out.xml'));
  await writeFile(join(folder, 'out.bin'), 'older');
  const convert = (path: string): Promise<Outcome> => decant(['convert', LIVENESS, '-o', join(folder, path)]);
  expectFailure(await convert('out.xml'), 1, 'out.xml', 'it is a folder', 'try: Choose another path.');
  expectFailure(await convert('out.bin/out.xml'), 1, 'a part of the path is a file', 'try: Choose another path.');
  expect(await filesBelow(folder)).toEqual(['out.bin']);
  expect(await readFile(join(folder, 'out.bin'), 'utf8')).toBe('older');
});

it('rejects unknown output formats', async () => {
  const folder = await temporaryFolder();
  const model = join(folder, 'out.onnx');
  const image = join(folder, 'found.gif');
  expectFailure(await decant(['convert', LIVENESS, '-o', model]), 2, 'does not end in .xml', 'try: ');
  // Before the model is read.
  expectFailure(await decant(['convert', 'gone.json', '-o', model]), 2, 'does not end in .xml');
  expectFailure(await decant(['detect', CENTERNET, PHOTO, '--save', image]), 2, image, 'try: ');
  const two = await decant(['detect', CENTERNET, PHOTO, PHOTO, '--save', join(folder, 'found.png')]);
  expectFailure(two, 2, 'cannot save 2 images to one file', 'try: Name a folder.');
  expect(await filesBelow(folder)).toEqual([]);
});

it.runIf(process.platform === 'linux')('reports an output that cannot be written', async () => {
  const command = [process.execPath, PROGRAM, 'info', LIVENESS];
  expectFailure(
    await run('sh', ['-c', '"$@" > /dev/full', 'sh', ...command]),
    1,
    'cannot write to standard output: ENOSPC',
  );
});

it.skipIf(process.platform === 'win32')('exits quietly when the reader closes the pipe', async () => {
  const command = [process.execPath, PROGRAM, 'dump', LIVENESS];
  const outcome = await run('sh', ['-c', '"$@" | head -n 1', 'sh', ...command]);
  expect(outcome).toEqual({ code: 0, stdout: 'graph "liveness"\n', stderr: '' });
});

it('does not overwrite the model', async () => {
  const folder = await temporaryFolder();
  for (const ending of ['.json', '.bin']) {
    await copyFile(LIVENESS.replace('.json', ending), join(folder, `liveness${ending}`));
  }
  const before = await readFile(join(folder, 'liveness.bin'));
  for (const output of ['liveness.xml', '.']) {
    const outcome = await decant(['convert', 'liveness.json', '-o', output], { cwd: folder });
    expectFailure(outcome, 2, "'liveness.bin' contains the weights of the model", 'try: Choose another name or folder');
  }
  expect(await filesBelow(folder)).toEqual(['liveness.bin', 'liveness.json']);
  expect(before.equals(await readFile(join(folder, 'liveness.bin')))).toBe(true);
});
