import { describe, expect, it } from 'vitest';
import { core } from '../../test/support/openvino.ts';
import { type Layer, parameter, result, slowIr, tinyIr } from '../../test/support/tiny-ir.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { packStrings } from '../tensor/strings.ts';
import { tensorOf } from '../tensor/tensor.ts';
import type { CompiledModel } from './compiled-model.ts';
import { Tensor } from './tensor.ts';

// The default precision depends on the CPU.
const EXACT = { INFERENCE_PRECISION_HINT: 'f32' };

function compile(layers: readonly Layer[], bin = new Uint8Array()): CompiledModel {
  using model = core.readModelSync({ xml: tinyIr(layers), bin });
  return core.compileModelSync(model, 'CPU', EXACT);
}

const compileSlow = (count: number, config = {}): CompiledModel =>
  core.compileModelSync(core.readModelSync({ xml: slowIr(512, count), bin: new Uint8Array() }), 'CPU', {
    ...EXACT,
    ...config,
  });

const slowInput = new Tensor('f32', [512, 512]);

const twoOutputs: readonly Layer[] = [
  parameter('x', 'f32', '?,3'),
  { name: 'w', type: 'Const', data: { element_type: 'f32', shape: '3', offset: 0, size: 12 } },
  { name: 'add', type: 'Add', inputs: ['x', 'w'], outputs: ['sum'] },
  { name: 'shape', type: 'ShapeOf', version: 'opset3', data: { output_type: 'i64' }, inputs: ['x'], outputs: ['size'] },
  result('add'),
  result('shape'),
];
const weights = new Uint8Array(new Float32Array([10, 20, 30]).buffer);

describe('InferRequest', () => {
  it('infers synchronously and asynchronously', async () => {
    const request = compile(twoOutputs, weights).createInferRequest();
    const x = new Tensor('f32', [2, 3], new Float32Array([1, 2, 3, 4, 5, 6]));
    const expected = {
      sum: { type: 'f32', shape: [2, 3], data: new Float32Array([11, 22, 33, 14, 25, 36]) },
      size: { type: 'i64', shape: [2], data: new BigInt64Array([2n, 3n]) },
    };
    expect(request.infer({ x })).toEqual(expected);
    expect(await request.inferAsync([x])).toEqual(expected);
    expect(request.getTensor('sum')).toEqual(expected.sum);
    expect(request.getOutputTensor(1)).toEqual(expected.size);
  });

  it('follows the size of a dynamic input, even zero', async () => {
    const request = compile(twoOutputs, weights).createInferRequest();
    for (const rows of [1, 5, 0, 2]) {
      const { sum, size } = await request.inferAsync({ x: tensorOf('f32', [rows, 3], Array(rows * 3).fill(1)) });
      expect(sum?.shape).toEqual([rows, 3]);
      expect(Array.from(sum!.data, Number)).toEqual(Array.from({ length: rows }, () => [11, 21, 31]).flat());
      expect(size?.data).toEqual(new BigInt64Array([BigInt(rows), 3n]));
    }
  });

  it('returns results that later inferences do not change', async () => {
    const request = compile(twoOutputs, weights).createInferRequest();
    const first = await request.inferAsync({ x: tensorOf('f32', [1, 3], [1, 1, 1]) });
    await request.inferAsync({ x: tensorOf('f32', [1, 3], [2, 2, 2]) });
    expect(first['sum']?.data).toEqual(new Float32Array([11, 21, 31]));
  });

  it.each<ElementType>([
    'f64',
    'f32',
    'f16',
    'bf16',
    'i64',
    'i32',
    'i16',
    'i8',
    'i4',
    'u64',
    'u32',
    'u16',
    'u8',
    'u4',
    'boolean',
  ])('passes %s through', type => {
    const request = compile([parameter('x', type, '?'), result('x')]).createInferRequest();
    const x = new Tensor(type, [6]);
    new Uint8Array(x.data.buffer).forEach((_, i, bytes) => (bytes[i] = type === 'boolean' ? i % 2 : i * 7 + 1));
    const { x: y } = request.infer({ x });
    expect(y).toEqual(x);
    expect(y?.data).not.toBe(x.data);
  });

  it('computes with 16-bit floats and booleans', () => {
    const half: Layer = {
      name: 'half',
      type: 'Convert',
      data: { destination_type: 'f16' },
      inputs: ['x'],
      outputs: ['half'],
    };
    const brain: Layer = {
      name: 'brain',
      type: 'Convert',
      data: { destination_type: 'bf16' },
      inputs: ['x'],
      outputs: ['brain'],
    };
    const same: Layer = { name: 'same', type: 'Equal', inputs: ['x', 'x'], outputs: ['same'] };
    const layers = [parameter('x', 'f32', '2'), half, brain, same, ...['half', 'brain', 'same'].map(result)];
    expect(
      compile(layers)
        .createInferRequest()
        .infer([new Float32Array([1.5, NaN])]),
    ).toEqual({
      half: { type: 'f16', shape: [2], data: new Uint16Array([0x3e00, 0x7e00]) },
      brain: { type: 'bf16', shape: [2], data: new Uint16Array([0x3fc0, 0x7fc0]) },
      same: { type: 'boolean', shape: [2], data: new Uint8Array([1, 0]) },
    });
  });

  it('accepts strings as inputs but rejects them as outputs', () => {
    const shapeOf: Layer = {
      name: 'n',
      type: 'ShapeOf',
      version: 'opset3',
      data: { output_type: 'i64' },
      inputs: ['x'],
      outputs: ['n'],
    };
    const request = compile([parameter('x', 'string', '?'), shapeOf, result('n')]).createInferRequest();
    expect(request.infer([packStrings([2], ['a', 'déjà'])])['n']?.data).toEqual(new BigInt64Array([2n]));
    expect(() => request.infer([packStrings([1], ['a\0b'])])).toThrow(expect.objectContaining({ code: 'unsupported' }));
    const giver = compile([parameter('x', 'string', '?'), result('x')]).createInferRequest();
    expect(() => giver.infer([packStrings([1], ['a'])])).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  it('accepts scalars, and addresses ports without names by index', async () => {
    const relu: Layer = { name: 'relu', type: 'ReLU', inputs: ['x'] };
    const request = compile([parameter('x', 'f32', '', ''), relu, result('relu')]).createInferRequest();
    const expected = { 0: { type: 'f32', shape: [], data: new Float32Array([7]) } };
    expect(request.infer({ 0: tensorOf('f32', [], [7]) })).toEqual(expected);
    expect(await request.inferAsync([new Float32Array([7])])).toEqual(expected);
  });

  it('keeps a tensor until it is replaced', async () => {
    const add: Layer = { name: 'add', type: 'Add', inputs: ['x', 'y'], outputs: ['sum'] };
    const request = compile([
      parameter('x', 'f32', '2'),
      parameter('y', 'f32', '2'),
      add,
      result('add'),
    ]).createInferRequest();
    request.setTensor('x', new Float32Array([1, 2]));
    request.setInputTensor(1, tensorOf('f32', [2], [10, 20]));
    expect(request.infer()['sum']?.data).toEqual(new Float32Array([11, 22]));
    expect((await request.inferAsync({ y: new Float32Array([0, 0]) }))['sum']?.data).toEqual(new Float32Array([1, 2]));
  });

  it('rejects invalid inputs', async () => {
    const request = compile(twoOutputs, weights).createInferRequest();
    const cases = [
      [() => request.infer(), 'invalid-argument', "input 'x' is not set"],
      [() => request.infer({ z: new Float32Array(3) }), 'not-found', "the model has no input 'z'"],
      [
        () => request.infer([tensorOf('f32', [1, 3], []), new Float32Array(1)]),
        'not-found',
        'the model has no input 1',
      ],
      [
        () => request.infer([tensorOf('u8', [1, 3], [])]),
        'invalid-argument',
        "input 'x' accepts f32[?,3], got u8[1,3]",
      ],
      [
        () => request.infer([tensorOf('f32', [1, 4], [])]),
        'invalid-argument',
        "input 'x' accepts f32[?,3], got f32[1,4]",
      ],
      [() => request.infer([tensorOf('f32', [3], [])]), 'invalid-argument', "input 'x' accepts f32[?,3], got f32[3]"],
      [() => request.infer([new Float32Array(3)]), 'invalid-argument', "input 'x' has the dynamic shape [?,3]"],
      [
        () => request.infer([{ type: 'f32', shape: [1, 3], data: new Int8Array(3) }]),
        'invalid-argument',
        'Float32Array',
      ],
      [() => request.infer([null as unknown as Tensor]), 'invalid-argument', "the value of input 'x' is not a tensor"],
      [() => request.getTensor('x'), 'not-found', "the model has no output 'x'"],
    ] as const;
    for (const [act, code, message] of cases) {
      expect(act).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string }));
    }
    await expect(request.inferAsync({ z: new Float32Array(3) })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('rejects a tensor whose buffer was transferred', () => {
    const request = compile([parameter('x', 'f32', '4'), result('x')]).createInferRequest();
    const x = new Tensor('f32', [4]);
    request.setTensor('x', x);
    structuredClone(x.data.buffer, { transfer: [x.data.buffer as ArrayBuffer] });
    expect(() => request.infer()).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  it('runs several requests concurrently', async () => {
    const compiled = compile(twoOutputs, weights);
    const requests = Array.from({ length: 16 }, () => compiled.createInferRequest());
    const rounds = Array.from({ length: 20 }, (_, round) => round);
    await Promise.all(
      requests.map(async (request, i) => {
        for (const round of rounds) {
          const { sum } = await request.inferAsync({ x: tensorOf('f32', [1, 3], [i, round, 0]) });
          expect(sum?.data).toEqual(new Float32Array([10 + i, 20 + round, 30]));
        }
      }),
    );
  });

  it('rejects a second inference while one is running', async () => {
    const request = compileSlow(20).createInferRequest();
    const running = request.inferAsync([slowInput]);
    const busy = expect.objectContaining({
      code: 'invalid-argument',
      message: 'this infer request is already running',
    }) as Error;
    await expect(request.inferAsync()).rejects.toEqual(busy);
    expect(() => request.infer()).toThrow(busy);
    expect(() => request.setInputTensor(0, slowInput)).toThrow(busy);
    expect(() => request.getOutputTensor()).toThrow(busy);
    await running;
  });

  it('starts an inference and waits for it', () => {
    const request = compile(twoOutputs, weights).createInferRequest();
    request.startAsync([tensorOf('f32', [1, 3], [1, 2, 3])]);
    const busy = expect.objectContaining({ code: 'invalid-argument' }) as Error;
    expect(() => {
      request.startAsync();
    }).toThrow(busy);
    expect(() => request.getTensor('sum')).toThrow(busy);
    request.wait();
    expect(request.getTensor('sum').data).toEqual(new Float32Array([11, 22, 33]));
    request.startAsync();
    request.wait();
  });

  it('copies only the outputs that are asked for', async () => {
    const request = compile(twoOutputs, weights).createInferRequest();
    const x = tensorOf('f32', [1, 3], [1, 2, 3]);
    expect(Object.keys(request.infer([x], { outputs: ['size'] }))).toEqual(['size']);
    expect(Object.keys(await request.inferAsync([x], { outputs: [] }))).toEqual([]);
  });

  it('can be cancelled by a signal or a call, and used again', async () => {
    const request = compileSlow(100).createInferRequest();
    const start = performance.now();
    await request.inferAsync([slowInput]);
    const whole = performance.now() - start;

    const again = performance.now();
    const controller = new AbortController();
    const { signal } = controller;
    const bySignal = request.inferAsync([slowInput], { signal });
    controller.abort();
    await expect(bySignal).rejects.toMatchObject({ code: 'cancelled' });
    const byCall = request.inferAsync();
    request.cancel();
    await expect(byCall).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - again).toBeLessThan(whole);

    await expect(request.inferAsync([], { signal })).rejects.toMatchObject({ code: 'cancelled' });
    request.cancel();
    expect((await request.inferAsync())['y99']?.shape).toEqual([512, 512]);
  });

  it('returns profiling info', async () => {
    const compiled = compileSlow(3, { PERF_COUNT: true });
    const request = compiled.createInferRequest();
    await request.inferAsync([slowInput]);
    const info = request.getProfilingInfo();
    expect(info.find(({ nodeName }) => nodeName === 'y1')).toMatchObject({ status: 'executed', nodeType: 'MatMul' });
    expect(info.reduce((sum, { realTime }) => sum + realTime, 0)).toBeGreaterThan(0);
  });
});
