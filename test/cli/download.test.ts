import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ZOO_MODELS } from '../../src/download/zoo.ts';
import { archive, sendFile, serve, sha256, stalling } from '../support/server.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import {
  decant,
  expectFailure,
  filesBelow,
  jsonOf,
  type Outcome,
  PROGRAM,
  run,
  temporaryFolder,
} from '../support/run-cli.ts';

/** A new cache, and no proxy. */
const freshEnv = async (): Promise<Record<string, string>> => ({
  DECANT_CACHE: await temporaryFolder(),
  DECANT_OFFLINE: '',
  NO_PROXY: '127.0.0.1',
});

/** Serves a model and its weights. */
const serveModel = (model: string) =>
  serve((request, response) => {
    const path = request.url === '/net/model.json' ? model : model.replace('.json', '.bin');
    void readFile(path).then(bytes => sendFile(request, response, bytes));
  });

it('prints the path of the downloaded file', async () => {
  const bytes = archive();
  const server = await serve((request, response) => sendFile(request, response, bytes));
  const env = await freshEnv();
  const url = `${server.url}/small.tar.gz`;
  const { code, stdout, stderr } = await decant(['download', url], { env });
  expect(code).toBe(0);
  expect(bytes.equals(await readFile(stdout.trimEnd()))).toBe(true);
  expect(stderr).toMatch(new RegExp(`^301 kB in [\\d.]+ m?s, SHA-256 ${sha256(bytes)}\\n$`));
  expect((await decant(['download', url], { env })).stderr).toContain('301 kB already downloaded');
  const folder = await temporaryFolder();
  const copy = await decant(['download', url, '-o', folder, '--json', '--offline', '--sha256', sha256(bytes)], { env });
  expect(jsonOf(copy)).toMatchObject({
    path: join(folder, 'small.tar.gz'),
    url,
    sha256: sha256(bytes),
    bytes: bytes.byteLength,
    cached: false,
  });
});

it('lists the named models', async () => {
  const listed = jsonOf(await decant(['download', '--list', '--json'])) as { readonly models: readonly object[] };
  expect(listed.models).toHaveLength(ZOO_MODELS.length);
  expect(listed.models).toContainEqual({
    name: 'ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8',
    from: 'zoo',
    url: 'https://download.tensorflow.org/models/object_detection/tf2/20200711/ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8.tar.gz',
    outputs: 'boxes',
    map: '22.2',
  });
  const { stdout } = await decant(['download', '--list']);
  expect(stdout.split('\n')).toHaveLength(ZOO_MODELS.length + 2);
  expect(stdout).toMatch(/^mask_rcnn_\S+ +zoo +39\.0\/34\.6 +boxes, masks$/m);
});

it('detects with a model at a URL', async () => {
  const server = await serveModel(CENTERNET);
  const env = await freshEnv();
  const args = ['detect', `${server.url}/net/model.json`, PHOTO, '--device', 'CPU', '--json'];
  const found = await decant(args, { env });
  const again = await decant([...args, '--offline'], { env });
  const local = await decant(['detect', CENTERNET, PHOTO, '--device', 'CPU', '--json']);
  const detections = (outcome: Outcome): unknown =>
    (jsonOf(outcome) as { readonly images: readonly { readonly detections: unknown }[] }).images[0]!.detections;
  expect(detections(found)).toEqual(detections(local));
  expect(detections(again)).toEqual(detections(local));
  expect(server.requests).toHaveLength(2);
});

it.each(['info', 'convert', 'dump'])('%s accepts a URL', async command => {
  const server = await serveModel(LIVENESS);
  const env = await freshEnv();
  const cwd = await temporaryFolder();
  const { code, stderr } = await decant([command, `${server.url}/net/model.json`], { env, cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('suggests names and remedies', async () => {
  const env = await freshEnv();
  const fail = async (code: number, args: readonly string[], ...messages: readonly string[]): Promise<void> =>
    expectFailure(await decant(args, { env }), code, ...messages);
  await fail(
    1,
    ['download', 'eficientdet-d0'],
    "'eficientdet-d0' is not a known model",
    'try: Did you mean efficientdet_d0,',
  );
  await fail(1, ['download', 'xyz'], 'try: See `decant download --list`');
  await fail(
    1,
    ['info', 'ssd_mobilenet_v2_fpnlite'],
    "'ssd_mobilenet_v2_fpnlite' does not exist",
    'try: Did you mean the model ssd_mobilenet_v2_',
  );
  await fail(2, ['download'], 'no model was named');
  await fail(2, ['download', 'ftp://example.com/a.tar.gz'], 'is not an HTTP(S) URL');
  await fail(2, ['download', 'http://'], 'is not a valid URL');
  await fail(1, ['detect', 'efficientdet_d0', PHOTO, '--offline'], "'efficientdet_d0' is not in the cache", 'try: ');
  await fail(
    1,
    ['download', 'http://127.0.0.1:9/a.pb'],
    'the server refused the connection',
    'try: Download it in another way',
  );
  for (const wrong of [
    ['--sha256', 'abc'],
    ['--timeout', '0'],
    ['--retries', '-1'],
  ]) {
    expect((await decant(['download', 'x', ...wrong])).code).toBe(2);
  }
  expect(await filesBelow(env['DECANT_CACHE']!)).toEqual([]);
});

it('stops at Ctrl-C, and resumes the next time', async () => {
  const bytes = archive();
  const server = await serve(stalling(bytes, 100_000));
  const env = await freshEnv();
  const child = spawn(process.execPath, [PROGRAM, 'download', server.url], { env: { ...process.env, ...env } });
  const folder = env['DECANT_CACHE']!;
  await expect.poll(async () => sizeOfPart(folder), { timeout: 20_000 }).toBe(100_000);
  child.kill('SIGINT');
  await once(child, 'exit');
  const { code, stdout } = await decant(['download', server.url], { env });
  expect(code).toBe(0);
  expect(bytes.equals(await readFile(stdout.trimEnd()))).toBe(true);
  expect(server.requests[1]?.range).toBe('bytes=100000-');
  expect(await filesBelow(folder)).toHaveLength(2);
});

const sizeOfPart = async (folder: string): Promise<number> => {
  const part = (await filesBelow(folder)).find(path => /\.part\.\w+-\d+-/.test(path));
  return part === undefined ? 0 : (await readFile(join(folder, part))).byteLength;
};

it('downloads once for two processes', async () => {
  const bytes = archive();
  const server = await serve((request, response) => setTimeout(() => sendFile(request, response, bytes), 1500));
  const env = await freshEnv();
  const outcomes = await Promise.all([1, 2].map(() => decant(['download', server.url], { env })));
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  expect(outcomes[0]!.stdout).toBe(outcomes[1]!.stdout);
  expect(outcomes.filter(({ stderr }) => stderr.includes('already downloaded'))).toHaveLength(1);
  expect(server.requests).toHaveLength(1);
});

/** Options to run a command with mounts of its own, where permitted. */
const UNSHARE = [['--mount'], ['--mount', '--user', '--map-root-user']].find(
  options => spawnSync('unshare', [...options, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
);

it.runIf(UNSHARE)('reports a full or read-only disk, and leaves nothing on it', async () => {
  const bytes = archive();
  const server = await serve((request, response, n) => {
    // Without the file's length.
    if (n > 0) response.writeHead(200).end(bytes);
    else sendFile(request, response, bytes);
  });
  const onDisk = async (mount: string): Promise<Outcome> => {
    const script =
      'mount -t tmpfs -o "$1" tmpfs "$2" && cd "$2" && shift 2 || exit 99\n"$@"; code=$?; ls -A; exit $code';
    const command = [process.execPath, PROGRAM, 'download', `${server.url}/a.tar.gz`, '-o', '.'];
    const folder = await temporaryFolder();
    return run('unshare', [...UNSHARE!, 'sh', '-c', script, 'sh', mount, folder, ...command], {
      env: await freshEnv(),
    });
  };
  const { code, stdout, stderr } = await onDisk('size=100k');
  expect(stderr).toMatch(
    /not enough disk space for .*: 300\d\d\d bytes are needed, \d+ are free\n {2}try: Free some space/,
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expectFailure(await onDisk('size=100k'), 1, 'the disk is full', 'try: Free some space');
  expectFailure(await onDisk('ro'), 1, 'the file system is read-only', 'try: Choose another folder.');
});

it('shows progress, only in a terminal', async () => {
  const bytes = archive(1_000_000);
  const start = stalling(bytes, 250_000);
  const server = await serve((request, response, n) => {
    start(request, response, n);
    if (n > 0) return;
    setTimeout(() => response.write(bytes.subarray(250_000, 500_000)), 400);
    setTimeout(() => request.socket.end(), 800);
  });
  const env = await freshEnv();
  const script = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
  const command = [process.execPath, PROGRAM, 'download', server.url];
  const { code, stdout } = await run('python3', ['-c', script, ...command], {
    env: { ...env, TERM: 'xterm', CI: undefined },
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/\d\d % {2}model {2}\d+ kB of 1\.0 MB {2}[\d.]+ [kM]B\/s {2}\d s left/);
  expect(stdout).toContain('model  the connection was lost; trying again in 1 s');
  expect(stdout).toContain('model  checking');
});
