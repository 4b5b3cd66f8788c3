import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, credentials, loadPackageDefinition, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { load } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../src/server/start-server.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { ROOT } from '../support/run-cli.ts';
import { temporaryIr } from '../support/temporary-ir.ts';
import { ask, post, testServer } from '../support/test-server.ts';
import { parameter, result, tinyIr } from '../support/tiny-ir.ts';

useFreshCache();

const KEY = 'secret';
const WHOLE = tinyIr([
  parameter('x', 'i64', '2'),
  { name: 'y', type: 'Add', inputs: ['x', 'x'], outputs: ['y'] },
  result('y'),
]);

let server: RunningServer;
let client: Client;

/** Calls a method of the service. */
function call(method: string, request: object, key = KEY): Promise<Readonly<Record<string, unknown>>> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${key}`);
  const { path, requestSerialize, responseDeserialize } = methods[method]!;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, (error, response) => {
      if (error !== null) reject(error);
      else resolve(response as Readonly<Record<string, unknown>>);
    });
  });
}

interface MethodDefinition {
  readonly path: string;
  readonly requestSerialize: (message: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => object;
}

let methods: Readonly<Record<string, MethodDefinition>>;

beforeAll(async () => {
  server = await testServer({
    models: [
      { name: 'liveness', path: LIVENESS },
      { name: 'centernet', path: CENTERNET },
      { name: 'whole', path: await temporaryIr(WHOLE) },
      { name: 'gone', path: 'gone.xml' },
    ],
    grpcPort: 0,
    access: { apiKey: KEY },
    limits: { requestBytes: 1_000_000 },
  });
  const definition = await load(join(ROOT, 'proto', 'open-inference.proto'), {
    keepCase: true,
    longs: String,
    defaults: true,
  });
  methods = definition['inference.GRPCInferenceService'] as unknown as typeof methods;
  const { inference } = loadPackageDefinition(definition) as unknown as {
    readonly inference: { readonly GRPCInferenceService: new (address: string, given: unknown) => Client };
  };
  client = new inference.GRPCInferenceService(`127.0.0.1:${server.grpcPort!}`, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await server.close();
});

const image = Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * 37) % 255);
const INPUT = { name: 'conv2d_1_input', datatype: 'FP32', shape: [1, 32, 32, 3] };
const RAW = Buffer.from(image.buffer);

describe('gRPC', () => {
  it.each([
    ['ServerLive', {}, { live: true }],
    ['ServerReady', {}, { ready: true }],
    ['ServerMetadata', {}, { name: 'decant' }],
    ['ModelReady', { name: 'liveness' }, { ready: true }],
    ['ModelReady', { name: 'gone' }, { ready: false }],
    ['ModelMetadata', { name: 'liveness' }, { versions: ['1'], inputs: [{ ...INPUT, shape: ['1', '32', '32', '3'] }] }],
  ])('answers %s of %j', async (method, request, response) => {
    expect(await call(method, request)).toMatchObject(response);
  });

  it('tells the rt_info of a model', async () => {
    const { properties } = await call('ModelMetadata', { name: 'centernet', version: '1' });
    const { rt_info: info } = properties as { readonly rt_info: string };
    expect(JSON.parse(info)).toMatchObject({ model_info: { model_type: 'centernet-boxes' } });
  });

  it('infers from contents and from raw contents, as over HTTP', async () => {
    const request = { model_name: 'liveness', id: 'a' };
    const contents = { inputs: [{ ...INPUT, contents: { fp32_contents: Array.from(image) } }] };
    const answers = [
      await call('ModelInfer', { ...request, ...contents }),
      await call('ModelInfer', {
        ...request,
        inputs: [INPUT],
        raw_input_contents: [RAW],
        outputs: [{ name: 'activation_6' }],
      }),
    ];
    const body = JSON.stringify({ inputs: [{ ...INPUT, data: Array.from(image) }] });
    const { json } = await ask(server, '/v2/models/liveness/infer', post(body, { 'x-api-key': KEY }));
    const [{ data }] = json!['outputs'] as [{ data: number[] }];
    for (const answer of answers) {
      expect(answer).toMatchObject({
        model_name: 'liveness',
        model_version: '1',
        id: 'a',
        outputs: [{ name: 'activation_6', datatype: 'FP32', shape: ['1', '2'] }],
      });
      const [raw] = answer['raw_output_contents'] as [Buffer];
      expect([raw.readFloatLE(0), raw.readFloatLE(4)]).toEqual(data.map(number => expect.closeTo(number, 5) as number));
    }
  });

  it('infers whole numbers', async () => {
    const input = {
      name: 'x',
      datatype: 'INT64',
      shape: [2],
      contents: { int64_contents: ['1000000000', '-5'] },
    };
    const { raw_output_contents: raw } = await call('ModelInfer', { model_name: 'whole', inputs: [input] });
    const [bytes] = raw as [Buffer];
    expect([bytes.readBigInt64LE(0), bytes.readBigInt64LE(8)]).toEqual([2_000_000_000n, -10n]);
  });

  it('takes image files', async () => {
    const { inputs } = await call('ModelMetadata', { name: 'centernet' });
    const [{ name }] = inputs as [{ name: string }];
    const file = await readFile(PHOTO);
    const input = { name, datatype: 'BYTES', shape: [1], contents: { bytes_contents: [file] } };
    const { raw_output_contents: raw } = await call('ModelInfer', { model_name: 'centernet', inputs: [input] });
    expect((raw as [Buffer])[0].readFloatLE(16)).toBeGreaterThan(0.5);
  });

  const infer = (input: object, more: object = {}): object => ({
    model_name: 'liveness',
    inputs: [{ ...INPUT, ...input }],
    ...more,
  });

  it.each<[string, string, object, status, string]>([
    ['an unknown model', 'ModelInfer', { model_name: 'none' }, status.NOT_FOUND, "no model 'none'"],
    ['an unknown version', 'ModelReady', { name: 'liveness', version: '9' }, status.NOT_FOUND, "no version '9'"],
    ['a failed model', 'ModelInfer', { model_name: 'gone' }, status.UNAVAILABLE, 'could not be loaded'],
    ['no inputs', 'ModelInfer', { model_name: 'liveness' }, status.INVALID_ARGUMENT, 'is missing'],
    ['no contents', 'ModelInfer', infer({}), status.INVALID_ARGUMENT, 'no contents'],
    [
      'too few raw contents',
      'ModelInfer',
      infer({}, { raw_input_contents: [RAW, RAW] }),
      status.INVALID_ARGUMENT,
      '2 raw_input_contents',
    ],
    [
      'short raw contents',
      'ModelInfer',
      infer({}, { raw_input_contents: [RAW.subarray(4)] }),
      status.INVALID_ARGUMENT,
      'must have 12288 bytes',
    ],
    [
      'both contents',
      'ModelInfer',
      infer({ contents: { fp32_contents: [1] } }, { raw_input_contents: [RAW] }),
      status.INVALID_ARGUMENT,
      'both contents',
    ],
    [
      'contents of another type',
      'ModelInfer',
      infer({ contents: { int_contents: [1] } }),
      status.INVALID_ARGUMENT,
      'must be in fp32_contents, not in int_contents',
    ],
    [
      'contents of FP16',
      'ModelInfer',
      infer({ datatype: 'FP16', contents: { fp32_contents: [1] } }),
      status.INVALID_ARGUMENT,
      'must be in raw_input_contents',
    ],
    [
      'contents of two types',
      'ModelInfer',
      infer({ contents: { fp32_contents: Array.from(image), bytes_contents: [RAW] } }),
      status.INVALID_ARGUMENT,
      'not in bytes_contents',
    ],
    ['a long name', 'ModelInfer', { model_name: 'x'.repeat(900_000) }, status.NOT_FOUND, "no model 'xxx"],
    [
      'many sizes',
      'ModelInfer',
      infer({ shape: Array<number>(90_000).fill(1) }),
      status.INVALID_ARGUMENT,
      '90000 sizes',
    ],
    ['an unknown datatype', 'ModelInfer', infer({ datatype: 'X' }), status.INVALID_ARGUMENT, "'X' is not a datatype"],
    ['a negative size', 'ModelInfer', infer({ shape: [-1] }), status.INVALID_ARGUMENT, 'whole numbers from 0'],
    [
      'an unknown output',
      'ModelInfer',
      infer({}, { raw_input_contents: [RAW], outputs: [{ name: 'x' }] }),
      status.INVALID_ARGUMENT,
      "no output 'x'",
    ],
    [
      'shared memory',
      'ModelInfer',
      infer({ parameters: { shared_memory_region: { string_param: 'r' } } }),
      status.FAILED_PRECONDITION,
      'shared_memory_region',
    ],
    [
      'a large message',
      'ModelInfer',
      infer({}, { raw_input_contents: [Buffer.alloc(2_000_000)] }),
      status.RESOURCE_EXHAUSTED,
      'larger than max',
    ],
  ])('refuses %s', async (_, method, request, code, text) => {
    const error = await call(method, request).catch((thrown: unknown) => thrown as ServiceError);
    expect(error).toMatchObject({ code, details: expect.stringContaining(text) as string });
  });

  it('requires the API key, but not for health', async () => {
    const refused = { code: status.UNAUTHENTICATED };
    await expect(call('ModelReady', { name: 'liveness' }, '')).rejects.toMatchObject(refused);
    await expect(call('ModelReady', { name: 'liveness' }, 'wrong')).rejects.toMatchObject(refused);
    expect(await call('ServerLive', {}, '')).toEqual({ live: true });
  });

  it('counts requests', async () => {
    const { text } = await ask(server, '/metrics', { headers: { 'x-api-key': KEY } });
    expect(text).toMatch(
      /ovms_requests_success\{api="KServe",interface="gRPC",method="ModelInfer",name="centernet",version="1"\} [1-9]/,
    );
  });
});
