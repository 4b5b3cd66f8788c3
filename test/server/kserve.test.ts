import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../src/server/start-server.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { temporaryIr } from '../support/temporary-ir.ts';
import { ask, post, testServer } from '../support/test-server.ts';
import { parameter, result, tinyIr } from '../support/tiny-ir.ts';

useFreshCache();

/** Adds 1.5 to reals, and negates a boolean; the sizes of the reals are dynamic. */
const TINY = tinyIr([
  parameter('reals', 'f32', '?,2'),
  parameter('truth', 'boolean', '1'),
  parameter('long', 'i64', '1'),
  { name: 'double', type: 'Add', inputs: ['reals', 'reals'], outputs: ['double'] },
  { name: 'not', type: 'LogicalNot', inputs: ['truth'], outputs: ['not'] },
  { name: 'twice', type: 'Add', inputs: ['long', 'long'], outputs: ['twice'] },
  result('double'),
  result('not'),
  result('twice'),
]);

let server: RunningServer;

/** A random image for the classifier, and what OpenVINO makes of it. */
const image = Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * 37) % 255);
let expected: readonly number[];

beforeAll(async () => {
  server = await testServer({
    models: [
      { name: 'liveness', path: LIVENESS },
      { name: 'centernet', path: CENTERNET },
      { name: 'tiny', path: await temporaryIr(TINY) },
      { name: 'gone', path: 'gone.xml' },
    ],
    limits: { requestBytes: 1_000_000 },
  });
  const { compiled } = server.models.find('liveness').loaded!;
  const { activation_6: output } = await compiled.createInferRequest().inferAsync([image]);
  expected = Array.from(output!.data as Float32Array);
});
afterAll(() => server.close());

const INFER = '/v2/models/liveness/infer';
const INPUT = { name: 'conv2d_1_input', datatype: 'FP32', shape: [1, 32, 32, 3] };
const BYTES = new Uint8Array(image.buffer);

const LENGTH = 'inference-header-content-length';

/** A request with binary data after its JSON. */
function binary(json: object, ...parts: readonly Uint8Array[]): RequestInit {
  const head = Buffer.from(JSON.stringify(json));
  return post(new Uint8Array(Buffer.concat([head, ...parts])), { [LENGTH]: String(head.byteLength) });
}

const binaryInput = (size = BYTES.byteLength): object => ({ ...INPUT, parameters: { binary_data_size: size } });

describe('state', () => {
  it.each([
    ['/v2/health/live', 200, { live: true }],
    ['/v2/health/ready', 200, { ready: true }],
    ['/v2', 200, { name: 'decant', extensions: ['binary_tensor_data'] }],
    ['/v2/models/liveness/ready', 200, { name: 'liveness', ready: true }],
    ['/v2/models/liveness/versions/1/ready', 200, { ready: true }],
    ['/v2/models/gone/ready', 503, { ready: false }],
    ['/v2/models/none/ready', 404, {}],
    [
      '/v2/models/liveness',
      200,
      { inputs: [INPUT], outputs: [{ name: 'activation_6', datatype: 'FP32', shape: [1, 2] }] },
    ],
    [
      '/v2/models/tiny',
      200,
      { inputs: [{ name: 'reals', shape: [-1, 2] }, { datatype: 'BOOL' }, { datatype: 'INT64' }] },
    ],
    ['/v2/models/centernet', 200, { rt_info: { model_info: { model_type: 'centernet-boxes' } } }],
    ['/v2/models/gone', 503, { error: expect.stringContaining("'gone.xml' does not exist") as string }],
  ])('of %s', async (path, status, json) => {
    expect(await ask(server, path)).toMatchObject({ status, json });
  });
});

describe('infer', () => {
  const outputs = (data: unknown): object => ({
    outputs: [{ name: 'activation_6', datatype: 'FP32', shape: [1, 2], data }],
  });
  const close = (): unknown => expected.map(number => expect.closeTo(number, 5) as number);

  it.each([
    ['flat JSON', () => post(JSON.stringify({ id: 'a', inputs: [{ ...INPUT, data: Array.from(image) }] }))],
    ['binary data', () => binary({ id: 'a', inputs: [binaryInput()] }, BYTES)],
    [
      'gzip',
      () =>
        post(new Uint8Array(gzipSync(JSON.stringify({ id: 'a', inputs: [{ ...INPUT, data: Array.from(image) }] }))), {
          'content-encoding': 'gzip',
        }),
    ],
  ])('takes %s', async (_, request) => {
    const { status, json } = await ask(server, INFER, request());
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { model_name: 'liveness', model_version: '1', id: 'a' },
    });
    expect(json).toMatchObject(outputs(close()));
  });

  it('takes raw bytes', async () => {
    const { json } = await ask(server, INFER, post(BYTES, { [LENGTH]: '0' }));
    expect(json).toMatchObject(outputs(close()));
  });

  it.each([
    ['of an output', { outputs: [{ name: 'activation_6', parameters: { binary_data: true } }] }],
    ['of all outputs', { parameters: { binary_data_output: true } }],
  ])('answers with binary data %s', async (_, wanted) => {
    const response = await fetch(`${server.url}${INFER}`, binary({ inputs: [binaryInput()], ...wanted }, BYTES));
    const body = Buffer.from(await response.arrayBuffer());
    const length = Number(response.headers.get(LENGTH));
    expect(JSON.parse(body.subarray(0, length).toString())).toMatchObject({
      outputs: [{ name: 'activation_6', shape: [1, 2], parameters: { binary_data_size: 8 } }],
    });
    expect(Array.from({ length: 2 }, (__, i) => body.readFloatLE(length + 4 * i))).toEqual(close());
  });

  it('keeps integers, booleans and dynamic sizes', async () => {
    const inputs = [
      {
        name: 'reals',
        datatype: 'FP32',
        shape: [2, 2],
        data: [
          [0.5, 1],
          [2, 3],
        ],
      },
      { name: 'truth', datatype: 'BOOL', shape: [1], data: [false] },
      { name: 'long', datatype: 'INT64', shape: [1], data: [-1_000_000] },
    ];
    const { json } = await ask(server, '/v2/models/tiny/infer', post(JSON.stringify({ inputs })));
    expect(json).toMatchObject({ outputs: [{ data: [1, 2, 4, 6] }, { data: [true] }, { data: [-2_000_000] }] });
  });

  it('takes image files for a detector, as its API does', async () => {
    const photo = await readFile(PHOTO);
    const [{ name }] = (await ask(server, '/v2/models/centernet')).json!['inputs'] as [{ name: string }];
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32LE(photo.byteLength);
    const input = { name, datatype: 'BYTES', shape: [1] };
    const requests = [
      binary({ inputs: [{ ...input, parameters: { binary_data_size: photo.byteLength + 4 } }] }, prefix, photo),
      post(JSON.stringify({ inputs: [{ ...input, data: [photo.toString('base64')] }] })),
      post(new Uint8Array(photo), { [LENGTH]: '0' }),
    ];
    const answers = await Promise.all(requests.map(request => ask(server, '/v2/models/centernet/infer', request)));
    const scores = answers.map(({ json }) => (json!['outputs'] as [{ data: number[] }])[0].data[4]);
    const { json } = await ask(server, '/v1/models/centernet/detect?threshold=0.1', post(new Uint8Array(photo)));
    const [{ detections }] = json!['images'] as [{ detections: [{ score: number }] }];
    expect(scores).toEqual([1, 2, 3].map(() => expect.closeTo(detections[0].score, 5) as number));
  });

  const tiny = (input: object): RequestInit =>
    post(JSON.stringify({ inputs: [{ name: 'reals', datatype: 'FP32', shape: [1, 2], data: [1, 2], ...input }] }));
  const bigImage = Array.from(image, () => 1e39);

  it.each<[string, string, RequestInit, number, string]>([
    ['no body', INFER, { method: 'POST' }, 400, 'the request is empty'],
    ['bad JSON', INFER, post('{'), 400, 'not valid JSON'],
    ['bytes that are not UTF-8', INFER, post(new Uint8Array([0x22, 0xff, 0x22])), 400, 'not valid JSON'],
    ['a list', INFER, post('[]'), 400, 'the request must be a JSON object'],
    ['no inputs', INFER, post('{}'), 400, "the request needs a list 'inputs'"],
    ['an id that is a number', INFER, post('{"id":1,"inputs":[]}'), 400, "the request needs a string 'id'"],
    ['an input that is a number', INFER, post('{"inputs":[1]}'), 400, 'an input must be a JSON object'],
    ['a missing input', INFER, post('{"inputs":[]}'), 400, "input 'conv2d_1_input' is missing"],
    ['a repeated input', INFER, binary({ inputs: [binaryInput(), binaryInput()] }, BYTES, BYTES), 400, 'given twice'],
    ['an unknown input', '/v2/models/tiny/infer', tiny({ name: 'x' }), 400, "no input 'x'"],
    ['an unknown datatype', '/v2/models/tiny/infer', tiny({ datatype: 'F32' }), 400, "'F32' is not a datatype"],
    ['another datatype', '/v2/models/tiny/infer', tiny({ datatype: 'INT32' }), 400, "input 'truth' is missing"],
    [
      'another type',
      INFER,
      post(JSON.stringify({ inputs: [{ ...INPUT, datatype: 'INT32', data: Array.from(image) }] })),
      400,
      'is FP32[1,32,32,3], got INT32[1,32,32,3]',
    ],
    ['another shape', INFER, binary({ inputs: [{ ...binaryInput(), shape: [3072] }] }, BYTES), 400, 'got FP32[3072]'],
    ['a negative size', '/v2/models/tiny/infer', tiny({ shape: [-1, 2] }), 400, 'whole numbers from 0'],
    ['a huge shape', '/v2/models/tiny/infer', tiny({ shape: [1e9, 1e9] }), 400, 'whole numbers from 0'],
    ['too few elements', '/v2/models/tiny/infer', tiny({ data: [1] }), 400, 'must have 2 elements, got 1'],
    ['wrong nesting', '/v2/models/tiny/infer', tiny({ data: [[1], [2]] }), 400, 'is not nested as its shape [1,2]'],
    [
      'a text as element',
      '/v2/models/tiny/infer',
      tiny({ data: [1, 'a'] }),
      400,
      'has the element "a", which is not FP32',
    ],
    ['a large real', INFER, post(JSON.stringify({ inputs: [{ ...INPUT, data: bigImage }] })), 400, 'the element 1e+39'],
    ['a fraction', '/v2/models/tiny/infer', tiny({ datatype: 'INT8', data: [1, 0.5] }), 400, 'is not INT8'],
    [
      'a number out of range',
      '/v2/models/tiny/infer',
      tiny({ datatype: 'UINT8', data: [1, 256] }),
      400,
      'is not UINT8',
    ],
    [
      'an inexact number',
      '/v2/models/tiny/infer',
      tiny({ datatype: 'INT64', data: [1, 2 ** 60] }),
      400,
      'is not INT64',
    ],
    ['a boolean of 2', '/v2/models/tiny/infer', tiny({ datatype: 'BOOL', data: [1, 2] }), 400, 'is not BOOL'],
    [
      'too few bytes',
      INFER,
      binary({ inputs: [binaryInput(4)] }, BYTES.subarray(0, 4)),
      400,
      'must have 12288 bytes, got 4',
    ],
    ['bytes that are missing', INFER, binary({ inputs: [binaryInput()] }, BYTES.subarray(4)), 400, 'binary_data_size'],
    ['bytes that are left', INFER, binary({ inputs: [binaryInput()] }, BYTES, BYTES), 400, 'belong to no input'],
    ['a long header', INFER, post('{}', { [LENGTH]: '3' }), 400, 'but the request has 2 bytes'],
    ['a bad header', INFER, post('{}', { [LENGTH]: '-1' }), 400, 'not a whole number'],
    [
      'data twice',
      INFER,
      binary({ inputs: [{ ...binaryInput(), data: [1] }] }, BYTES),
      400,
      'both data and binary data',
    ],
    [
      'BYTES for another model',
      INFER,
      post(JSON.stringify({ inputs: [{ ...INPUT, datatype: 'BYTES', shape: [1], data: ['a'] }] })),
      400,
      'takes no BYTES',
    ],
    [
      'BYTES that end early',
      INFER,
      binary({ inputs: [{ ...binaryInput(8), datatype: 'BYTES', shape: [1] }] }, BYTES.subarray(0, 8)),
      400,
      'not 1 elements of BYTES',
    ],
    ['a bad image', '/v2/models/centernet/infer', post('hello', { [LENGTH]: '0' }), 400, 'not an image'],
    ['raw bytes for several inputs', '/v2/models/tiny/infer', post('hello', { [LENGTH]: '0' }), 400, 'one input'],
    [
      'an unknown output',
      INFER,
      binary({ inputs: [binaryInput()], outputs: [{ name: 'x' }] }, BYTES),
      400,
      "no output 'x'",
    ],
    [
      'shared memory',
      INFER,
      post(JSON.stringify({ inputs: [{ ...INPUT, parameters: { shared_memory_region: 'r' } }] })),
      422,
      'shared_memory_region',
    ],
    ['an unknown encoding', INFER, post('{}', { 'content-encoding': 'br' }), 415, "does not decode 'br'"],
    ['bad gzip', INFER, post('{}', { 'content-encoding': 'gzip' }), 400, 'not valid gzip'],
    [
      'a gzip bomb',
      INFER,
      post(new Uint8Array(gzipSync(Buffer.alloc(2_000_000))), { 'content-encoding': 'gzip' }),
      413,
      'more than 1000000 bytes',
    ],
    ['an unknown model', '/v2/models/none/infer', post('{}'), 404, "no model 'none'"],
    ['an unknown version', '/v2/models/tiny/versions/9/infer', post('{}'), 404, "no version '9'"],
    ['a failed model', '/v2/models/gone/infer', post('{}'), 503, 'could not be loaded'],
  ])('refuses %s', async (_, path, request, status, text) => {
    const answer = await ask(server, path, request);
    expect(answer).toMatchObject({ status, json: { error: expect.stringContaining(text) as string } });
  });

  it('says that JSON cannot express infinity', async () => {
    const infinite = new Uint8Array(new Float32Array([Infinity, 1]).buffer);
    const inputs = [
      { name: 'reals', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } },
      { name: 'truth', datatype: 'BOOL', shape: [1], data: [true] },
      { name: 'long', datatype: 'INT64', shape: [1], data: [1] },
    ];
    const path = '/v2/models/tiny/infer';
    expect(await ask(server, path, binary({ inputs }, infinite))).toMatchObject({
      status: 422,
      json: { code: 'unsupported' },
    });
    const answer = await ask(server, path, binary({ inputs, parameters: { binary_data_output: true } }, infinite));
    expect(answer.status).toBe(200);
  });
});
