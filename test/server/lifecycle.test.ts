import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunningServer } from '../../src/server/start-server.ts';
import { CENTERNET } from '../support/models.ts';
import { temporaryFolder } from '../support/run-cli.ts';
import { ask, post, testServer, type TestServerOptions } from '../support/test-server.ts';
import { parameter, result, slowIr, tinyIr } from '../support/tiny-ir.ts';

/** An IR of `y` as an operation on `x` and itself. */
const ir = (type: string): string =>
  tinyIr([parameter('x', 'f32', '2'), { name: 'y', type, inputs: ['x', 'x'], outputs: ['y'] }, result('y')]);

async function start(options: TestServerOptions): Promise<RunningServer> {
  const server = await testServer({ reload: 20, ...options });
  onTestFinished(() => server.close());
  return server;
}

const input = (shape: readonly number[], data: readonly number[]): RequestInit =>
  post(JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape, data }] }));

/** Returns `y` for x = [3, 4], or the status of an error. */
async function infer(server: RunningServer, model: string): Promise<unknown> {
  const { status, json } = await ask(server, `/v2/models/${model}/infer`, input([2], [3, 4]));
  return status === 200 ? (json!['outputs'] as [{ data: unknown }])[0].data : status;
}

/** Takes some tenths of a second. */
const SLOW = slowIr(400, 200);
const SLOW_INPUT = { name: 'x', datatype: 'FP32', shape: [400, 400], parameters: { binary_data_size: 4 * 400 * 400 } };

function slowRequest(): RequestInit {
  const json = Buffer.from(JSON.stringify({ inputs: [SLOW_INPUT] }));
  const body = Buffer.concat([json, Buffer.alloc(4 * 400 * 400)]);
  return post(new Uint8Array(body), { 'inference-header-content-length': String(json.byteLength) });
}

describe('a folder of models', () => {
  it('is served by version, and watched', async () => {
    const folder = await temporaryFolder();
    const write = async (path: string, xml: string): Promise<void> => {
      await mkdir(join(folder, path), { recursive: true });
      await writeFile(join(folder, path, 'model.xml'), xml);
    };
    await write('sum/1', ir('Add'));
    await write('sum/10', ir('Multiply'));
    await write('sum/notes', ir('Subtract'));
    await write('other/3', ir('Subtract'));
    const server = await start({ folder });
    expect((await ask(server, '/v2/models/sum')).json).toMatchObject({ versions: ['1', '10'] });
    expect(await infer(server, 'sum')).toEqual([9, 16]);
    expect(await infer(server, 'sum/versions/1')).toEqual([6, 8]);
    expect(await infer(server, 'other')).toEqual([0, 0]);

    await write('sum/11', ir('Maximum'));
    await expect.poll(() => infer(server, 'sum'), { timeout: 10_000 }).toEqual([3, 4]);
    await rm(join(folder, 'sum', '11'), { recursive: true });
    await expect.poll(() => infer(server, 'sum'), { timeout: 10_000 }).toEqual([9, 16]);
    await rm(join(folder, 'other'), { recursive: true });
    await expect.poll(() => infer(server, 'other'), { timeout: 10_000 }).toBe(404);
  });

  it('is refused without a model', async () => {
    await expect(testServer({ folder: await temporaryFolder() })).rejects.toThrow('there are no models in');
  });
});

describe('a changed file', () => {
  it('is loaded, while requests in progress end on the previous model', async () => {
    const path = join(await temporaryFolder(), 'model.xml');
    await writeFile(path, SLOW);
    const server = await start({ models: [{ name: 'model', path }] });
    const inProgress = ask(server, '/v2/models/model/infer', slowRequest());
    await writeFile(`${path}.new`, ir('Add'));
    await rename(`${path}.new`, path);
    await expect.poll(() => infer(server, 'model'), { timeout: 10_000, interval: 20 }).toEqual([6, 8]);
    expect((await inProgress).status).toBe(200);
  });

  it('that is broken does not replace the model', async () => {
    const path = join(await temporaryFolder(), 'model.xml');
    await writeFile(path, ir('Add'));
    const server = await start({ models: [{ name: 'model', path }] });
    await writeFile(path, '<net name="broken"><layers><');
    const problem = async (): Promise<unknown> => (await ask(server, '/v1/models/model')).json!['problem'];
    await expect.poll(problem, { timeout: 10_000 }).toMatchObject({ code: 'malformed' });
    expect(await infer(server, 'model')).toEqual([6, 8]);
    await writeFile(path, ir('Multiply'));
    await expect.poll(() => infer(server, 'model'), { timeout: 10_000 }).toEqual([9, 16]);
    expect(await problem()).toBeUndefined();
  });
});

describe('load', () => {
  it('over the queue is refused at once', async () => {
    const path = join(await temporaryFolder(), 'model.xml');
    await writeFile(path, SLOW);
    const server = await start({ models: [{ name: 'model', path }], limits: { queue: 1 } });
    const { queue, pool } = server.models.find('model').loaded!;
    const most = 2 * pool.size + 1 + 1;
    const answers = await Promise.all(
      Array.from({ length: most + 8 }, () => ask(server, '/v2/models/model/infer', slowRequest())),
    );
    const refused = answers.filter(({ status }) => status === 503);
    // Some may have arrived when others had ended.
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers } of refused) expect(headers.get('retry-after')).toBe('1');
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(answers.length - refused.length);
    expect(queue.length).toBe(0);
  });

  it('that takes too long ends', async () => {
    const path = join(await temporaryFolder(), 'model.xml');
    await writeFile(path, slowIr(1000, 200));
    const server = await start({ models: [{ name: 'model', path }], limits: { timeout: 300 } });
    const json = Buffer.from(
      JSON.stringify({ inputs: [{ ...SLOW_INPUT, shape: [1000, 1000], parameters: { binary_data_size: 4e6 } }] }),
    );
    const body = new Uint8Array(Buffer.concat([json, Buffer.alloc(4e6)]));
    const headers = { 'inference-header-content-length': String(json.byteLength) };
    const answer = await ask(server, '/v2/models/model/infer', post(body, headers));
    expect(answer).toMatchObject({ status: 504, json: { error: 'the request took longer than 0.3 s' } });
  });

  it('is finished before the server closes', async () => {
    const path = join(await temporaryFolder(), 'model.xml');
    await writeFile(path, SLOW);
    const server = await testServer({ models: [{ name: 'model', path }] });
    const inProgress = Promise.all([1, 2].map(() => ask(server, '/v2/models/model/infer', slowRequest())));
    await expect.poll(() => server.models.find('model').loaded!.queue.length).toBe(2);
    await server.close();
    expect((await inProgress).map(({ status }) => status)).toEqual([200, 200]);
    await expect(fetch(server.url)).rejects.toThrow();
  });
});

it('compiles for another device, however long it takes', async () => {
  const models = [{ name: 'centernet', path: CENTERNET }];
  const server = await start({ models, limits: { timeout: 10 } });
  const request = post('{"device":"AUTO"}', { 'content-type': 'application/json' });
  const { status, json } = await ask(server, '/v1/models/centernet/device', request);
  expect({ status, json }).toMatchObject({ status: 200, json: { requestedDevice: 'AUTO', state: 'ready' } });
});

it('refuses names that are taken or no names', async () => {
  const path = 'x.xml';
  for (const models of [
    [{ name: 'a b', path }],
    [
      { name: 'a', path },
      { name: 'a', path },
    ],
  ]) {
    await expect(testServer({ models })).rejects.toMatchObject({ code: 'invalid-argument' });
  }
});

it('refuses a port that is taken', async () => {
  const path = join(await temporaryFolder(), 'model.xml');
  await writeFile(path, ir('Add'));
  const server = await start({ models: [{ name: 'a', path }] });
  const port = Number(new URL(server.url).port);
  await expect(testServer({ models: [{ name: 'a', path }], port })).rejects.toThrow(
    `cannot listen on 127.0.0.1, port ${port}`,
  );
});
