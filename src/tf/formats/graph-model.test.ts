import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOrRefuse } from '../../../test/support/read-or-refuse.ts';
import { memorySource } from '../../source/memory-source.ts';
import type { Source } from '../../source/source.ts';
import { toHalf } from '../../tensor/float16.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { attrTensor, attrType } from '../attrs.ts';
import type { TfModel, TfTensor } from '../model.ts';
import { readModel } from './read-model.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const floats = (...values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: Readonly<Record<string, unknown>>;
}

const constant = (name: string, dtype: number | string = 'DT_FLOAT'): unknown => ({
  name,
  op: 'Const',
  attr: { dtype: { type: dtype }, value: { tensor: { dtype, tensorShape: {} } } },
});

const source = (
  weights: readonly Weight[],
  shards: readonly Uint8Array[],
  extra: Readonly<Record<string, unknown>> = {},
): Source =>
  memorySource('net.tar.gz', [
    [
      'net/model.json',
      text(
        JSON.stringify({
          format: 'graph-model',
          modelTopology: { node: weights.map(({ name }) => constant(name)) },
          weightsManifest: [{ paths: shards.map((_, i) => `shard${i}.bin`), weights }],
          ...extra,
        }),
      ),
    ],
    ...shards.map((bytes, i) => [`net/shard${i}.bin`, bytes] as const),
  ]);

const weightOf = (model: TfModel, name: string): TfTensor => attrTensor(model.graph.get(name)!, 'value');
const numbers = (model: TfModel, name: string): readonly number[] => [...numbersOf(weightOf(model, name).data())];

const one = async (weight: Omit<Weight, 'name'>, bytes: Uint8Array): Promise<TfTensor> =>
  weightOf(await readModel(source([{ name: 'w', ...weight }], [bytes])), 'w');

describe('weights', () => {
  it('are stored across shards without gaps', async () => {
    const bytes = floats(1, 2, 3, 4, 5);
    const weights = [
      { name: 'a', shape: [2], dtype: 'float32' },
      { name: 'none', shape: [0, 3], dtype: 'float32' },
      { name: 'b', shape: [3], dtype: 'float32' },
    ];
    for (const cut of [0, 3, 8, 9, 20]) {
      const model = await readModel(source(weights, [bytes.slice(0, cut), bytes.slice(cut)]));
      expect(numbers(model, 'a')).toEqual([1, 2]);
      expect(numbers(model, 'b')).toEqual([3, 4, 5]);
      expect(numbers(model, 'none')).toEqual([]);
    }
    const whole = source(weights, [bytes]);
    const file = await whole.read('net/shard0.bin');
    expect(weightOf(await readModel(whole), 'b').data().data.buffer).toBe(file.buffer);
  });

  it('map TF.js types to TensorFlow types', async () => {
    expect(
      (await one({ shape: [2], dtype: 'int32' }, new Uint8Array(Int32Array.of(-1, 7).buffer))).data(),
    ).toMatchObject({
      type: 'i32',
      data: Int32Array.of(-1, 7),
    });
    expect((await one({ shape: [2], dtype: 'bool' }, Uint8Array.of(0, 1))).data()).toMatchObject({ type: 'boolean' });
    const strings = await one({ shape: [2], dtype: 'string' }, Uint8Array.of(1, 0, 0, 0, 65, 0, 0, 0, 0));
    expect(strings.dtype).toBe('DT_STRING');
    expect(unpackStrings(strings.data())).toEqual(['A', '']);
    const complex = await one({ shape: [1], dtype: 'complex64' }, new Uint8Array(Float32Array.of(1, -2).buffer));
    expect(complex).toMatchObject({ dtype: 'DT_COMPLEX64', shape: [1] });
    expect(complex.data()).toMatchObject({ type: 'f32', shape: [1, 2], data: Float32Array.of(1, -2) });
  });

  it('are dequantized', async () => {
    const quantization = (dtype: string): Readonly<Record<string, unknown>> => ({ dtype, scale: 0.5, min: -1 });
    const u8 = await one(
      { shape: [3], dtype: 'float32', quantization: quantization('uint8') },
      Uint8Array.of(0, 1, 255),
    );
    expect(u8.data()).toMatchObject({ type: 'f32', data: Float32Array.of(-1, -0.5, 126.5) });
    const u16 = await one({ shape: [1], dtype: 'float32', quantization: quantization('uint16') }, Uint8Array.of(0, 1));
    expect(u16.data().data).toEqual(Float32Array.of(127));
    const i32 = await one({ shape: [2], dtype: 'int32', quantization: quantization('uint8') }, Uint8Array.of(5, 6));
    expect(i32.data()).toMatchObject({ type: 'i32', data: Int32Array.of(2, 2) });
    const f16 = await one(
      { shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
      new Uint8Array(Uint16Array.of(toHalf(1.5), toHalf(-0.25)).buffer),
    );
    expect(f16.data()).toMatchObject({ type: 'f32', data: Float32Array.of(1.5, -0.25) });
  });

  it('are copied if unaligned', async () => {
    const model = await readModel(
      source(
        [
          { name: 'flag', shape: [], dtype: 'bool' },
          { name: 'w', shape: [2], dtype: 'float32' },
        ],
        [Uint8Array.of(1, ...floats(0.5, 2))],
      ),
    );
    expect(numbers(model, 'w')).toEqual([0.5, 2]);
  });

  it('override the types of constants', async () => {
    const model = await readModel(
      source([{ name: 'w', shape: [1], dtype: 'int32' }], [new Uint8Array(Int32Array.of(3).buffer)], {
        modelTopology: { node: [constant('w', 'DT_INT64'), constant('unused', 9)] },
      }),
    );
    expect(attrType(model.graph.get('w')!, 'dtype')).toBe('DT_INT32');
    expect(weightOf(model, 'w')).toMatchObject({ dtype: 'DT_INT32', shape: [1] });
    expect(attrType(model.graph.get('unused')!, 'dtype')).toBe('DT_INT64');
    expect(() => weightOf(model, 'unused').data()).toThrow(`constant 'unused' has no weight`);
  });

  it('have 32 bits, as have the values that are computed from them', async () => {
    const node = (attr: unknown): unknown => ({ name: 'n', op: 'Cast', input: ['w'], attr });
    const types = { list: { type: ['DT_INT64', 'DT_BOOL'] } };
    const { graph, functions } = await readModel(
      source([{ name: 'w', shape: [1], dtype: 'float32' }], [floats(1)], {
        modelTopology: {
          node: [constant('w', 'DT_DOUBLE'), node({ DstT: { type: 'DT_DOUBLE' }, SrcT: { type: 'DT_UINT8' }, types })],
          library: {
            function: [
              {
                signature: { name: 'f', inputArg: [{ name: 'x', type: 'DT_INT64' }] },
                nodeDef: [node({ T: { type: 'DT_INT64' } })],
              },
            ],
          },
        },
      }),
    );
    const { attrs } = graph.get('n')!;
    expect(attrs.get('DstT')).toEqual({ kind: 'type', value: 'DT_FLOAT' });
    expect(attrs.get('SrcT')).toEqual({ kind: 'type', value: 'DT_UINT8' });
    expect(attrs.get('types')).toMatchObject({ value: [{ value: 'DT_INT32' }, { value: 'DT_BOOL' }] });
    const { inputs, nodes } = functions.get('f')!;
    expect(inputs).toMatchObject([{ name: 'x', type: 'DT_INT32' }]);
    expect(nodes.get('n')!.attrs.get('T')).toMatchObject({ value: 'DT_INT32' });
  });

  it('apply to functions, and only to constants', async () => {
    const library = { function: [{ signature: { name: 'body' }, nodeDef: [constant('w')], ret: { y: 'w:output:0' } }] };
    const model = await readModel(
      source(
        [
          { name: 'w', shape: [1], dtype: 'float32' },
          { name: 'stray', shape: [1], dtype: 'float32' },
        ],
        [floats(4, 5)],
        {
          modelTopology: { node: [{ name: 'stray', op: 'NoOp' }], library },
        },
      ),
    );
    const body = model.functions.get('body');
    expect(body?.returns).toEqual(new Map([['y', 'w:output:0']]));
    expect([...numbersOf(attrTensor(body!.nodes.get('w')!, 'value').data())]).toEqual([4]);
    expect(model.graph.get('stray')?.attrs.size).toBe(0);
  });
});

describe('invalid weights', () => {
  const failure = async (weights: readonly Weight[], ...shards: readonly Uint8Array[]): Promise<unknown> =>
    readModel(source(weights, shards)).then(
      () => 'read',
      (thrown: unknown) => thrown,
    );
  const w = (changes: Partial<Weight> = {}): Weight => ({ name: 'w', shape: [2], dtype: 'float32', ...changes });

  it('are rejected by name', async () => {
    expect(await failure([w()], floats(1))).toMatchObject({
      code: 'malformed',
      message: `shard0.bin: weight 'w' ends at byte 8, but the files end at byte 4`,
      where: ['reading net/model.json'],
    });
    expect(await failure([w()], floats(1, 2, 3))).toMatchObject({ code: 'malformed' });
    expect(await failure([w({ shape: [2 ** 40, 2 ** 40] })], floats(1))).toMatchObject({ code: 'malformed' });
    expect(await failure([w({ shape: [-1] })], floats(1))).toMatchObject({ code: 'malformed' });
    expect(await failure([w(), w()], floats(1, 2, 3, 4))).toMatchObject({ message: `two weights are named 'w'` });
    expect(await failure([w({ dtype: 'float8' })], floats(1))).toMatchObject({ code: 'unsupported' });
    expect(await failure([w({ quantization: { dtype: 'uint4' } })], floats(1))).toMatchObject({ code: 'unsupported' });
    expect(await failure([w({ dtype: 'string' })], Uint8Array.of(255, 255, 255, 255))).toMatchObject({
      code: 'malformed',
    });
    expect(await failure([w({ dtype: 'string', shape: [2 ** 50] })], new Uint8Array(40))).toMatchObject({
      code: 'malformed',
    });
    expect(await failure([w()], text('version https://git-lfs.github.com/spec/v1\n'))).toMatchObject({
      code: 'not-a-model',
      message: expect.stringContaining('Git LFS') as string,
    });
    expect(await failure([w()], text('<!DOCTYPE html>'))).toMatchObject({ code: 'not-a-model' });
  });

  it('are not dequantized without scale and minimum', async () => {
    const tensor = await one({ shape: [1], dtype: 'float32', quantization: { dtype: 'uint8' } }, Uint8Array.of(1));
    expect(() => tensor.data()).toThrow('has no quantization parameters');
  });

  it('are rejected if their file is missing or outside the model', async () => {
    const withPath = (path: string): Promise<unknown> =>
      readModel(source([], [], { weightsManifest: [{ paths: [path], weights: [] }] }));
    await expect(withPath('gone.bin')).rejects.toMatchObject({ code: 'not-found' });
    await expect(withPath('../../x.bin')).rejects.toMatchObject({ code: 'malformed' });
    await expect(withPath('/etc/passwd')).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('signatures', () => {
  const signature = {
    inputs: { image: { name: 'x:0', dtype: 'DT_UINT8', tensorShape: { dim: [{ size: '1' }, { size: '-1' }] } } },
    outputs: { y: { name: 'y', dtype: 1 } },
  };
  const expected = {
    inputs: new Map([['image', { tensor: 'x:0', dtype: 'DT_UINT8', shape: [1, -1] }]]),
    outputs: new Map([['y', { tensor: 'y', dtype: 'DT_FLOAT', shape: undefined }]]),
  };

  it('are read from either of two places', async () => {
    for (const extra of [{ signature }, { userDefinedMetadata: { signature } }]) {
      const model = await readModel(source([], [], extra));
      expect(model.signatures).toEqual(new Map([['serving_default', expected]]));
    }
  });

  it('are optional', async () => {
    for (const extra of [{}, { signature: null }, { signature: {} }, { userDefinedMetadata: {} }]) {
      expect((await readModel(source([], [], extra))).signatures.size).toBe(0);
    }
  });
});

describe('model.json', () => {
  it('is found among other files, and the model named after the source', async () => {
    const model = await readModel(source([], []));
    expect(model).toMatchObject({ name: 'net', format: 'tfjs-graph-model' });
  });

  it('accepts the spellings of different writers', async () => {
    const node = {
      name: 'pad',
      op: 'Pad',
      input: ['x', 'y:1', '^z'],
      attr: {
        T: { type: 1 },
        Tp: { type: 'DT_INT32_REF' },
        padding: { s: 'VkFMSUQ=' },
        old: { s: [65, 66] },
        n: { i: '-1' },
        m: { i: 2 },
        f: { f: 'Infinity' },
        b: { b: false },
        shape: { shape: { unknown_rank: true } },
        list: { list: { i: ['1', 2] } },
        empty: { list: {} },
        nothing: {},
      },
    };
    const model = await readModel(source([], [], { modelTopology: { node: [node] } }));
    const attrs = Object.fromEntries([...model.graph.get('pad')!.attrs].map(([name, { value }]) => [name, value]));
    expect(attrs).toMatchObject({
      T: 'DT_FLOAT',
      Tp: 'DT_INT32',
      padding: text('VALID'),
      old: text('AB'),
      n: -1,
      m: 2,
      f: Infinity,
      b: false,
      list: [
        { kind: 'int', value: 1 },
        { kind: 'int', value: 2 },
      ],
      empty: [],
    });
    expect(attrs).toHaveProperty('shape', undefined);
    expect(attrs).not.toHaveProperty('nothing');
  });

  it('is rejected if invalid, with the place of the error', async () => {
    const read = (json: string): Promise<TfModel> => readModel(memorySource('m', [['model.json', text(json)]]));
    await expect(read('{"modelTopology": {"node": [')).rejects.toMatchObject({
      code: 'malformed',
      where: ['reading model.json'],
      message: expect.stringContaining('not valid JSON') as string,
    });
    await expect(read('{"modelTopology": {"node": [{"name": 5}]}, "weightsManifest": []}')).rejects.toMatchObject({
      message: 'model.modelTopology.node[0].name: expected a string',
    });
    await expect(read('{"modelTopology": null}')).rejects.toMatchObject({ message: 'modelTopology is missing' });
  });

  it('is parsed or rejected with a DecantError if corrupt', async () => {
    const whole = source([{ name: 'w', shape: [2], dtype: 'float32' }], [floats(1, 2)]);
    const json = await whole.read('net/model.json');
    const weights = await whole.read('net/shard0.bin');
    const read = (bytes: Uint8Array): Promise<string> =>
      readOrRefuse(
        memorySource('m', [
          ['model.json', bytes],
          ['shard0.bin', weights],
        ]),
      );
    expect(await read(json)).toBe('read');
    for (let length = 0; length < json.length; length++) expect(await read(json.subarray(0, length))).toBe('refused');
    await fc.assert(
      fc.asyncProperty(fc.nat(json.length - 1), fc.nat(255), async (at, byte) => {
        await read(json.with(at, byte));
      }),
      { numRuns: 1000 },
    );
    await fc.assert(
      fc.asyncProperty(fc.json(), async topology => {
        await read(text(`{"modelTopology": ${topology}, "weightsManifest": ${topology}}`));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the models of @vladmandic/human', () => {
  const folder = new URL('../../../node_modules/@vladmandic/human/models/', import.meta.url);
  const files = readdirSync(folder).map(name => [name, new Uint8Array(readFileSync(new URL(name, folder)))] as const);
  const names = files.map(([name]) => name).filter(name => name.endsWith('.json') && name !== 'models.json');

  it.each(names)('%s', async name => {
    const whole = memorySource(name, files);
    const model = await readModel({ ...whole, list: () => Promise.resolve([name]) });
    expect(model.name).toBe(name.replace('.json', ''));
    const constants = [...model.graph.values()].filter(node => node.op === 'Const');
    const bytes = constants.map(node => attrTensor(node, 'value').data().data.byteLength);
    const shards = files.find(([file]) => file === name.replace('.json', '.bin'));
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(shards![1].byteLength);
    expect(model.signatures.get('serving_default')?.outputs.size).toBeGreaterThan(0);
  });

  it('are listed if the folder holds several', async () => {
    await expect(readModel(memorySource('models', files))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/^'models' holds 11 models: antispoof.json, .* and 3 more$/) as string,
    });
  });
});
