import type { Random } from '../fuzz/random.ts';

/** Bytes to send over a new connection, and what the client does then. */
export interface HostileRequest {
  readonly kind: string;
  readonly bytes: Buffer;
  /** `wait`: for the answer. `leave`: closes the connection at once. `stall`: sends nothing more for a while, and leaves. */
  readonly then: 'wait' | 'leave' | 'stall';
}

/** Valid inputs that the requests are made from. */
export interface Seeds {
  readonly photo: Buffer;
  /** An image with few bytes and too many pixels. */
  readonly bomb: Buffer;
  /** Name of a detector and of another model, and the name, datatype and shape of its input. */
  readonly detector: string;
  readonly other: string;
  readonly input: { readonly name: string; readonly datatype: string; readonly shape: readonly number[] };
}

type Maker = (random: Random, seeds: Seeds) => Omit<HostileRequest, 'kind'>;

interface Message {
  readonly path: string;
  readonly body?: Buffer;
  readonly headers?: readonly string[];
  readonly method?: string;
  /** Content-Length, if not that of the body. */
  readonly length?: number;
}

function http({
  path,
  body = Buffer.alloc(0),
  headers = [],
  method = 'POST',
  length = body.byteLength,
}: Message): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: close',
    `Content-Length: ${length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

const wait = (message: Message): Omit<HostileRequest, 'kind'> => ({ bytes: http(message), then: 'wait' });

const detect = ({ detector }: Seeds): string => `/v1/models/${detector}/detect`;
const infer = ({ other }: Seeds): string => `/v2/models/${other}/infer`;

/** Changes, removes, repeats or inserts some bytes. */
function mutate(random: Random, data: Buffer): Buffer {
  let bytes = Buffer.from(data);
  for (let n = 1 + random.below(8); n > 0; n--) {
    const at = random.below(bytes.byteLength + 1);
    const length = random.below(16);
    const piece = random.pick([
      Buffer.from(Array.from({ length }, () => random.below(256))),
      bytes.subarray(at, at + length),
      Buffer.alloc(0),
    ]);
    bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + random.below(length + 1))]);
  }
  return bytes;
}

const HOSTILE_JSON = [
  '',
  'null',
  '[]',
  '"x"',
  '1e999',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{"a":1}}}',
  '{"image":null}',
  '{"image":"data:;base64,"}',
  '{"image":"AAAA","url":"http://127.0.0.1/"}',
  '{"url":"http://169.254.169.254/latest/meta-data/"}',
  '{"url":"file:///etc/passwd"}',
  '{"url":"http://2130706433/"}',
  '{"url":"http://[::ffff:7f00:1]/"}',
  `{"inputs":[{"name":"x","datatype":"FP32","shape":[${'1,'.repeat(1000)}1],"data":[1]}]}`,
  '{"inputs":{}}',
  '{"inputs":[[]]}',
  '{"inputs":[{"name":{},"shape":"x"}]}',
  '{"inputs":[],"outputs":[null]}',
  '{"inputs":[],"parameters":7}',
  '\ud800',
  '['.repeat(50_000),
  '{"a":'.repeat(20_000),
  `{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":${'['.repeat(5000)}${']'.repeat(5000)}}]}`,
];

const badJson: Maker = (random, seeds) => {
  const { name, datatype, shape } = seeds.input;
  const valid = JSON.stringify({ inputs: [{ name, datatype, shape, data: [0.5, 1] }], outputs: [{ name: 'x' }] });
  const body = random.chance(0.5) ? Buffer.from(random.pick(HOSTILE_JSON)) : mutate(random, Buffer.from(valid));
  const path = random.pick([detect(seeds), infer(seeds), `/v1/models/${seeds.other}/device`]);
  return wait({ path, body, headers: ['Content-Type: application/json'] });
};

const NUMBERS = [-1, 0, 1, 2, 0.5, 1e9, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, null, '1', true, [], {}];
const DATATYPES = [
  'FP32',
  'FP16',
  'BF16',
  'FP64',
  'INT64',
  'UINT8',
  'BOOL',
  'BYTES',
  'INT4',
  '',
  '__proto__',
  'constructor',
  7,
];

const wrongTensors: Maker = (random, seeds) => {
  const sizes = Array.from({ length: random.below(6) }, () => random.pick(NUMBERS));
  const rest = Buffer.alloc(random.below(20_000), random.below(256));
  const input = {
    name: random.pick([seeds.input.name, 'x', '', 5]),
    datatype: random.chance(0.5) ? seeds.input.datatype : random.pick(DATATYPES),
    shape: random.chance(0.4) ? seeds.input.shape : sizes,
    ...(random.chance(0.5)
      ? { parameters: { binary_data_size: random.pick([...NUMBERS, rest.byteLength, rest.byteLength + 1]) } }
      : { data: Array.from({ length: random.below(40) }, () => random.pick(NUMBERS)) }),
  };
  const json = Buffer.from(JSON.stringify({ inputs: random.chance(0.1) ? [input, input] : [input] }));
  const length = random.pick([json.byteLength, json.byteLength, 0, json.byteLength + 1, -1, 'x', 1e20]);
  const path = random.chance(0.2) ? `/v2/models/${seeds.detector}/infer` : infer(seeds);
  return wait({ path, body: Buffer.concat([json, rest]), headers: [`Inference-Header-Content-Length: ${length}`] });
};

const compressed: Maker = (random, seeds) => {
  const encoding = random.pick(['gzip', 'deflate', 'br', 'identity, gzip', '']);
  const body = mutate(random, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, ...seeds.photo.subarray(0, 200)]));
  return wait({ path: infer(seeds), body, headers: [`Content-Encoding: ${encoding}`] });
};

const brokenForms: Maker = (random, seeds) => {
  const file = random.chance(0.5) ? seeds.photo.subarray(0, 2000) : Buffer.from('x');
  const part = `--b\r\nContent-Disposition: form-data; name="image"; filename="${random.pick(['a.jpg', '', '../../x', '\0'])}"\r\n\r\n`;
  const whole = Buffer.concat([
    ...Array.from({ length: 1 + random.below(20) }, () =>
      Buffer.concat([Buffer.from(part), file, Buffer.from('\r\n')]),
    ),
    Buffer.from('--b--\r\n'),
  ]);
  const body = random.chance(0.5) ? whole.subarray(0, random.below(whole.byteLength)) : mutate(random, whole);
  const boundary = random.pick(['boundary=b', 'boundary=c', 'boundary=', 'boundary="b', '']);
  const length = random.chance(0.2) ? body.byteLength + 100 : body.byteLength;
  const message = { path: detect(seeds), body, headers: [`Content-Type: multipart/form-data; ${boundary}`], length };
  return length > body.byteLength ? { bytes: http(message), then: random.pick(['leave', 'stall']) } : wait(message);
};

/** A header that claims many pixels, or an endless animation, in few bytes. */
function claim(random: Random, seeds: Seeds): Buffer {
  const size = random.pick([60_000, 2 ** 31 - 1, 2 ** 20, 8192]);
  const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000000000000000806000000', 'hex');
  png.writeUInt32BE(size, 16);
  png.writeUInt32BE(random.pick([size, 1]), 20);
  const bmp = Buffer.alloc(1100);
  bmp.write('BM');
  bmp.writeUInt32LE(1078, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(Math.min(size, 8192), 18);
  bmp.writeInt32LE(random.pick([4000, -4000, 100_000]), 22);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(8, 28);
  bmp.writeUInt32LE(1, 30);
  return random.pick([seeds.bomb, png, bmp, Buffer.from('GIF89a\xff\xff\xff\xff', 'latin1')]);
}

const images: Maker = (random, seeds) => {
  const body = random.pick([
    () => claim(random, seeds),
    () => mutate(random, claim(random, seeds)),
    () => mutate(random, seeds.photo),
    () => seeds.photo.subarray(0, random.below(seeds.photo.byteLength)),
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"/>'),
    () => Buffer.from(Array.from({ length: random.below(500) }, () => random.below(256))),
  ])();
  const query = random.pick([
    '',
    '?threshold=NaN',
    '?threshold=1e999',
    '?classes=%00',
    '?max-detections=-1',
    '?max-detections=Infinity',
    '?__proto__=1',
    '?clases=dog',
    '?format=../x',
    '?threshold=0&threshold=1',
  ]);
  const accept = random.pick(['*/*', 'image/png', 'image/webp;q=0', ';;;,,,=', 'a'.repeat(5000)]);
  return wait({ path: `${detect(seeds)}${query}`, body, headers: ['Content-Type: image/jpeg', `Accept: ${accept}`] });
};

const slowBodies: Maker = (random, seeds) => ({
  bytes: http({
    path: random.pick([detect(seeds), infer(seeds)]),
    body: seeds.photo.subarray(0, random.below(2000)),
    length: random.pick([2001, 1_000_000, 32_000_000]),
  }),
  then: random.pick(['leave', 'stall']),
});

const PATHS = [
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/%',
  '/%00',
  '/v1/models/%ff/detect',
  '/v1/models/..%2f..%2fetc/detect',
  '/v1/models/__proto__',
  '/v2/models/constructor/versions/1/ready',
  '/v2/models/x/versions/1e9/infer',
  `/${'a'.repeat(5000)}`,
  '//',
  '*',
  'http://evil.example/',
  'http://127.0.0.1:99999/v1/models',
  '/v1/models/%2e%2e/versions/-1',
  '/v2/models/x/versions/99999999999999999999',
  '/docs/static/..%2f..%2f..%2fpackage.json',
];

const HEADERS = [
  'Host: evil.example',
  'Host: [::ffff:127.0.0.1]',
  'Host: localhost.',
  'Host: 127.1',
  'Content-Encoding: gzip',
  'Inference-Header-Content-Length: 0x10',
  'Host: ',
  'Origin: https://evil.example',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip',
  'Content-Length: 5',
  'Content-Length: -5',
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'X: \x01',
  `X: ${'a'.repeat(20_000)}`,
  'Content-Type: ///',
  'Content-Type: application/json; charset=evil',
  'Authorization: Bearer ',
  'Sec-WebSocket-Protocol: decant.key.%%%',
];

const protocol: Maker = (random, seeds) => {
  const method = random.pick(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'CONNECT', 'PROPFIND', 'x']);
  const path = random.chance(0.6)
    ? random.pick(PATHS)
    : random.pick([detect(seeds), infer(seeds), '/metrics', '/v1/models']);
  const bytes = http({ path, method, body: Buffer.from('{}'), headers: [random.pick(HEADERS), random.pick(HEADERS)] });
  return { bytes: random.chance(0.3) ? mutate(random, bytes) : bytes, then: random.pick(['wait', 'leave']) };
};

const STREAM_QUERIES = [
  '',
  '?track=1',
  '?line=a=0,0,1,1',
  '?line=a',
  '?zone=a=NaN,1,2,3,4,5',
  '?track=__proto__',
  '?x=1',
];

const streams: Maker = (random, { detector }) => {
  const head = [
    `GET /v1/models/${random.pick([detector, 'none'])}/stream${random.pick(STREAM_QUERIES)} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Version: ${random.pick([13, 13, 8, 'x'])}`,
    `Sec-WebSocket-Key: ${random.pick(['dGhlIHNhbXBsZSBub25jZQ==', 'x', ''])}`,
  ];
  const frames = Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)));
  return {
    bytes: Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), frames]),
    then: random.pick(['leave', 'stall']),
  };
};

const MAKERS: Readonly<Record<string, Maker>> = {
  badJson,
  wrongTensors,
  compressed,
  brokenForms,
  images,
  slowBodies,
  protocol,
  streams,
};

export function hostileRequest(random: Random, seeds: Seeds): HostileRequest {
  const kind = random.pick(Object.keys(MAKERS));
  return { kind, ...MAKERS[kind]!(random, seeds) };
}
