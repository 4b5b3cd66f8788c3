import { spawn, spawnSync } from 'node:child_process';
import { lstat, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CENTERNET, copyModel, LIVENESS, PHOTO } from '../support/models.ts';
import { decant, expectFailure, filesBelow, PROGRAM, run, temporaryFolder } from '../support/run-cli.ts';

function makePipe(path: string): string {
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  return path;
}

const isRoot = process.getuid?.() === 0;

const IR = ['convert', LIVENESS, '-o'] as const;

async function convertedModel(): Promise<string> {
  const xml = join(await temporaryFolder(), 'model.xml');
  expect(await decant([...IR, xml])).toMatchObject({ code: 0 });
  return xml;
}

const COUNTS = ['--format', 'csv', '--threshold', '0.9', '-o'] as const;

it.runIf(isRoot)('writes into a device, and keeps it', async () => {
  const folder = await temporaryFolder();
  const device = join(folder, 'null');
  expect(spawnSync('mknod', [device, 'c', '1', '3']).status).toBe(0);
  expect(await decant(['detect', CENTERNET, PHOTO, ...COUNTS, device])).toMatchObject({ code: 0 });
  expect(await decant(['detect', CENTERNET, PHOTO, '--report', device])).toMatchObject({ code: 0 });
  expect((await lstat(device)).isCharacterDevice()).toBe(true);
  expect(await readdir(folder)).toEqual(['null']);
});

it('writes into a pipe', async () => {
  const pipe = makePipe(join(await temporaryFolder(), 'pipe'));
  const reader = run('cat', [pipe]);
  expect(await decant(['detect', CENTERNET, PHOTO, ...COUNTS, pipe])).toMatchObject({ code: 0 });
  expect((await reader).stdout).toMatch(/^file,page,/);
  expect((await lstat(pipe)).isFIFO()).toBe(true);
});

it('writes to standard output by path, also behind what others wrote there', async () => {
  const piped = await decant(['detect', CENTERNET, PHOTO, ...COUNTS, '/dev/stdout']);
  expect(piped).toMatchObject({ code: 0, stdout: expect.stringMatching(/^file,page,.*\n/m) as string });
  const file = join(await temporaryFolder(), 'all');
  const command = [process.execPath, PROGRAM, 'detect', CENTERNET, PHOTO, ...COUNTS, '/dev/stdout'];
  await run('sh', ['-c', 'exec >"$1"; echo first; shift; "$@"; echo last', 'sh', file, ...command]);
  expect(await readFile(file, 'utf8')).toMatch(/^first\n[^]*\nfile,page,[^]*\nlast\n$/);
});

it('follows links to outputs', async () => {
  const folder = await temporaryFolder();
  await symlink('real.xml', join(folder, 'link.xml'));
  await symlink('later.bin', join(folder, 'link.bin'));
  await writeFile(join(folder, 'real.xml'), 'older');
  expect(await decant([...IR, join(folder, 'link.xml')])).toMatchObject({ code: 0 });
  expect((await lstat(join(folder, 'link.xml'))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder, 'real.xml'), 'utf8')).toContain('<net');
  expect((await readdir(folder)).sort()).toEqual(['later.bin', 'link.bin', 'link.xml', 'real.xml']);
  await symlink('round.xml', join(folder, 'round.xml'));
  expectFailure(await decant([...IR, join(folder, 'round.xml')]), 1, 'its symbolic links lead in a circle', 'try: ');
});

it('reads class names from a pipe with a writer', async () => {
  const script = '"$@" --labels <(seq -f name%g 0 99)';
  const command = [process.execPath, PROGRAM, ...IR, join(await temporaryFolder(), 'm.xml')];
  expect(await run('bash', ['-c', script, 'bash', ...command])).toMatchObject({ code: 0, stderr: '' });
});

it.each(['--labels', '--annotations'])('rejects an idle pipe and an endless device for %s', async option => {
  const pipe = makePipe(join(await temporaryFolder(), 'pipe'));
  const detect = ['detect', 'missing.xml', PHOTO, '--format', 'coco', option];
  expectFailure(await decant([...detect, pipe]), 1, `'${pipe}' is a pipe that no program writes to`, 'try: ');
  expectFailure(await decant([...detect, '/dev/zero']), 1, "'/dev/zero' cannot be read: it is a device");
});

it('detects in an image from a pipe with a writer, and rejects an idle one', async () => {
  const command = [process.execPath, PROGRAM, 'detect', CENTERNET];
  const { code, stdout, stderr } = await run('bash', ['-c', '"$@" <(cat "$0") --json', PHOTO, ...command]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ images: [{ width: 1280, height: 1158 }] });
  const pipe = makePipe(join(await temporaryFolder(), 'pipe.jpg'));
  const idle = await decant(['detect', CENTERNET, pipe]);
  expect(idle).toMatchObject({ code: 1, stderr: expect.stringContaining('is a pipe that no program') as string });
});

it('gives up on a pipe whose writer is silent', async () => {
  const pipe = makePipe(join(await temporaryFolder(), 'pipe'));
  const writer = spawn('sh', ['-c', 'exec 3<>"$1"; sleep 60', 'sh', pipe]);
  try {
    const outcome = await decant(['detect', 'missing.xml', PHOTO, '--labels', pipe]);
    expectFailure(outcome, 1, 'is a pipe that');
  } finally {
    writer.kill();
  }
});

it('rejects pipes and devices in place of files of a model', async () => {
  const model = await copyModel(await temporaryFolder());
  const weights = join(model, '..', 'weights.bin');
  await rm(weights);
  makePipe(weights);
  expectFailure(await decant(['info', model]), 1, "weights.bin' cannot be read: it is a device, pipe or socket");

  const xml = await convertedModel();
  const bin = xml.replace('.xml', '.bin');
  await rm(bin);
  makePipe(bin);
  expectFailure(await decant(['info', xml]), 1, 'it is a device, pipe or socket, not a file');
  expectFailure(await decant(['detect', xml, PHOTO]), 1, 'it is a device, pipe or socket, not a file');
  await rm(bin);
  await symlink('/dev/zero', bin);
  expectFailure(await decant(['detect', xml, PHOTO]), 1, 'it is a device, pipe or socket, not a file');
  await rm(xml);
  makePipe(xml);
  expectFailure(await decant(['info', xml]), 1, 'is neither a file nor a folder');
});

it('ignores a pipe in place of the class names of an IR', async () => {
  const xml = join(await temporaryFolder(), 'm.xml');
  expect(await decant(['convert', CENTERNET, '-o', xml])).toMatchObject({ code: 0 });
  const labels = xml.replace('.xml', '.labels.txt');
  await rm(labels);
  makePipe(labels);
  expect(await decant(['detect', xml, PHOTO])).toMatchObject({ code: 0 });
});

it('does not wait for a video from a pipe that no program writes to', async () => {
  const clip = makePipe(join(await temporaryFolder(), 'clip.mp4'));
  expectFailure(await decant(['detect', CENTERNET, clip, '--json']), 1, 'is a pipe that no program writes to');
});

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves nothing after %s', async signal => {
  const folder = await temporaryFolder();
  const photos = Array.from({ length: 200 }, () => PHOTO);
  const args = [PROGRAM, 'detect', CENTERNET, ...photos, '--format', 'jsonl', '-o', join(folder, 'x.jsonl')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  // The model's description is printed when the outputs are open.
  child.stdout.resume();
  while ((await filesBelow(folder)).length === 0) await new Promise(resolve => setTimeout(resolve, 50));
  child.kill(signal);
  const code = await new Promise(resolve => child.on('exit', resolve));
  expect(code).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
  expect(await filesBelow(folder)).toEqual([]);
});

it('removes what a killed run left, but nothing of a live one', async () => {
  const folder = await temporaryFolder();
  const module = new URL('../../dist/internals.js', import.meta.url).href;
  const script = `const { AtomicFile } = await import(${JSON.stringify(module)});
    await (await AtomicFile.create(${JSON.stringify(join(folder, 'x.csv'))})).write('half');
    console.log('ready');
    setInterval(() => undefined, 1000);`;
  const start = async (): Promise<ReturnType<typeof spawn>> => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise(resolve => child.stdout.once('data', resolve));
    return child;
  };
  const killed = await start();
  killed.kill('SIGKILL');
  await new Promise(resolve => killed.on('exit', resolve));
  expect(await filesBelow(folder)).toHaveLength(1);
  const live = await start();
  try {
    expect(await filesBelow(folder)).toEqual([expect.stringContaining(`-${live.pid}-`)]);
    expect(await decant([...IR, join(folder, 'm.xml')])).toMatchObject({ code: 0 });
    const left = (await filesBelow(folder)).filter(name => name.endsWith('.part'));
    expect(left).toEqual([expect.stringContaining(`-${live.pid}-`)]);
  } finally {
    live.kill('SIGKILL');
  }
});
