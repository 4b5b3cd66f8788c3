import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { S3Client } from '../../src/queue/s3-client.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { freePort, startRedis } from '../support/redis.ts';
import { decant, jsonOf, temporaryFolder } from '../support/run-cli.ts';

/** A server of S3 over a folder: `cargo install s3s-fs --features binary`. */
const SERVER = 's3s-fs';

const isInstalled = spawnSync(SERVER, ['--version']).status === 0;

const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function startS3(folder: string, port: number): Promise<Readonly<Record<string, string>>> {
  const options = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--access-key',
    'KEY',
    '--secret-key',
    'SECRET',
    folder,
  ];
  children.push(spawn(SERVER, options, { stdio: 'ignore' }));
  while (!(await accepts(port))) await new Promise(resolve => setTimeout(resolve, 50));
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'KEY',
    AWS_SECRET_ACCESS_KEY: 'SECRET',
  };
}

const accepts = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  return Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)])
    .catch(() => false)
    .finally(() => socket.destroy());
};

describe.runIf(isInstalled)('a store that speaks S3', () => {
  it('keeps texts, lists keys page by page, and says what is missing', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'results'));
    const client = new S3Client(await startS3(folder, await freePort()));
    const place = (key: string) => ({ bucket: 'results', key });
    await client.put(place('a b/ü&1.json'), '{"x": 1}');
    await client.put(place('a b/ü&1.json'), '{"x": 2}');
    for (let i = 0; i < 3; i++) await client.put(place(`parts/${i}.json`), String(i));
    expect(new TextDecoder().decode(await client.get(place('a b/ü&1.json')))).toBe('{"x": 2}');
    expect([...(await client.list(place('parts/')))].sort()).toEqual(['parts/0.json', 'parts/1.json', 'parts/2.json']);
    expect(await client.list(place('a b/'))).toEqual(['a b/ü&1.json']);
    await expect(client.get(place('gone'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('gives images to workers, and takes their results', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 's3', 'photos', 'today'), { recursive: true });
    await mkdir(join(folder, 's3', 'found'));
    for (const name of ['a.jpg', 'b.jpg'])
      await writeFile(join(folder, 's3', 'photos', 'today', name), await readFile(PHOTO));
    await writeFile(join(folder, 's3', 'photos', 'today', 'notes.md'), 'no image');
    const port = await freePort();
    children.push(await startRedis(folder, port));
    const env = await startS3(join(folder, 's3'), await freePort());
    const queue = ['--redis', `redis://127.0.0.1:${port}`];
    expect(jsonOf(await decant(['enqueue', 's3://photos/today/', ...queue, '--json'], { env }))).toMatchObject({
      added: 2,
    });
    const worker = await decant(
      ['worker', CENTERNET, '--device', 'CPU', '--results', 's3://found/run', '--drain', ...queue],
      { env },
    );
    expect(worker).toMatchObject({ code: 0, stderr: '2 results in s3://found/run/\n' });
    const lines = (await readFile(join(folder, 's3', 'found', 'run', 'results.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map(line => (JSON.parse(line) as { readonly file: string }).file)).toEqual([
      's3://photos/today/a.jpg',
      's3://photos/today/b.jpg',
    ]);
  });
});

it('needs keys', () => {
  expect(() => new S3Client({})).toThrow('S3 credentials are missing');
});
