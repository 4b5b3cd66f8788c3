import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import type { Graph } from '../../src/ov/graph.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import { Multiply } from '../../src/ov/ops/arithmetic.ts';
import { verify } from '../../src/ov/verify.ts';
import { addPreprocessing } from '../../src/preprocess/add-preprocessing.ts';
import { areaOf, fitted } from '../../src/preprocess/geometry.ts';
import { parseSteps } from '../../src/preprocess/parse-steps.ts';
import type { ElementType } from '../../src/tensor/element-type.ts';
import { type Dim, symbol } from '../../src/tensor/dim.ts';
import { numbersOf, sizeOf, type Tensor, tensorOf } from '../../src/tensor/tensor.ts';
import { runOnOpenVino } from '../ops/run-on-openvino.ts';
import { applyPasses } from '../support/apply-passes.ts';
import { type NativeSteps, runNative } from './native-preprocessing.ts';

/** A model that returns its input, or for f32 twice the input. */
function mirror(shape: readonly Dim[], type: ElementType = 'f32'): Graph {
  const b = new Builder();
  b.origin = 'mirror';
  const image = b.parameter('image', type, shape);
  const result = type === 'f32' ? b.add(Multiply, [image, b.scalar('f32', 2)]) : image;
  return { name: 'mirror', inputs: new Map([['image', image]]), outputs: new Map([['result', result]]) };
}

/** Pseudorandom bytes. */
function noise(type: ElementType, shape: readonly number[], seed = 1): Tensor {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) >> 16;
  return tensorOf(
    type,
    shape,
    Array.from({ length: sizeOf(shape) }, () => next() & 255),
  );
}

async function run(graph: Graph, steps: string, frames: Readonly<Record<string, Tensor>>): Promise<Tensor> {
  const prepared = applyPasses(addPreprocessing(graph, { input: parseSteps(steps) }));
  verify(prepared);
  const { outputs } = await runOnOpenVino(prepared, new Map(Object.entries(frames)));
  return outputs.get('result')!;
}

const difference = (a: Tensor, b: Tensor): number => {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  expect(a.shape).toEqual(b.shape);
  return Array.from(x).reduce((most, value, i) => Math.max(most, Math.abs(value - y[i]!)), 0);
};

interface Case {
  readonly steps: string;
  readonly native: NativeSteps;
  readonly frame: Readonly<Record<string, Tensor>>;
  /** Shape of the model's image input. */
  readonly shape?: readonly number[];
}

const HEIGHT = 20;
const WIDTH = 28;
const plain = (channels: number, type: ElementType = 'u8'): Case['frame'] => ({
  image: noise(type, [1, HEIGHT, WIDTH, channels]),
});
const native = (color: NativeSteps['color'], more: Partial<NativeSteps> = {}): NativeSteps => ({
  type: 'u8',
  layout: 'NHWC',
  height: HEIGHT,
  width: WIDTH,
  color,
  resize: 'linear',
  ...more,
});
const y = noise('u8', [1, HEIGHT, WIDTH, 1]);
const quarter = (channels: number, seed: number): Tensor => noise('u8', [1, HEIGHT / 2, WIDTH / 2, channels], seed);
const whole = { image: noise('u8', [1, HEIGHT * 1.5, WIDTH, 1]) };

const CASES: readonly Case[] = [
  { steps: 'u8,nhwc,rgb', native: native('RGB'), frame: plain(3) },
  { steps: 'bgr,resize=nearest', native: native('BGR', { resize: 'nearest' }), frame: plain(3) },
  { steps: 'bgr,resize=cubic', native: native('BGR', { resize: 'cubic' }), frame: plain(3) },
  { steps: 'rgbx', native: native('RGBX'), frame: plain(4) },
  { steps: 'bgrx', native: native('BGRX'), frame: plain(4) },
  { steps: 'f32,bgr', native: native('BGR', { type: 'f32' }), frame: plain(3, 'f32') },
  {
    steps: 'nchw,bgr',
    native: native('BGR', { layout: 'NCHW' }),
    frame: { image: noise('u8', [1, 3, HEIGHT, WIDTH]) },
  },
  { steps: 'nv12', native: native('NV12_SINGLE_PLANE'), frame: whole },
  { steps: 'i420', native: native('I420_SINGLE_PLANE'), frame: whole },
  {
    steps: 'nv12_two_planes',
    native: native('NV12_TWO_PLANES'),
    frame: { 'image/y': y, 'image/uv': quarter(2, 2) },
  },
  {
    steps: 'i420_three_planes',
    native: native('I420_THREE_PLANES'),
    frame: { 'image/y': y, 'image/u': quarter(1, 2), 'image/v': quarter(1, 3) },
  },
  {
    steps: 'bgr,mean=1:2:3,scale=4:5:6',
    native: native('BGR', { mean: [1, 2, 3], scale: [4, 5, 6] }),
    frame: plain(3),
  },
  {
    steps: 'bgr,crop=3:2:1:4,pad=1:2:3:4,pad_value=7',
    native: native('BGR', {
      crop: [
        [0, 2, 3, 0],
        [1, HEIGHT - 4, WIDTH - 1, 3],
      ],
      pad: [[0, 2, 1, 0], [0, 4, 3, 0], 7],
    }),
    frame: plain(3),
  },
  { steps: 'rgb', native: native('RGB'), frame: plain(3), shape: [1, 3, 9, 40] },
  { steps: 'rgb,size=20x28', native: native('RGB'), frame: plain(3), shape: [1, 40, 9, 3] },
];

describe("results equal those of OpenVINO's own PrePostProcessor", () => {
  it.each(CASES)('$steps', async ({ steps, native: own, frame, shape = [1, 16, 12, 3] }) => {
    const graph = mirror(shape);
    const { xml, bin } = writeIr(graph);
    const layout = shape[3] === 3 ? 'NHWC' : 'NCHW';
    const expected = runNative({ xml, bin: joinBin(bin), layout }, own, Object.values(frame));
    expect(difference(await run(graph, steps, frame), expected)).toBeLessThan(2e-3);
  });
});

describe('a model with a u8 input', () => {
  const graph = mirror([1, 8, 8, 3], 'u8');

  it('receives the bytes of a frame of its size unchanged', async () => {
    const image = noise('u8', [1, 8, 8, 3]);
    expect(await run(graph, 'u8,rgb', { image })).toEqual(image);
    expect(await run(graph, 'u8,hwc,rgb', { image: { ...image, shape: [8, 8, 3] } })).toEqual(image);
  });

  it('receives values rounded half to even and clamped to 0..255', async () => {
    const image = tensorOf(
      'f32',
      [1, 8, 8, 3],
      Array.from({ length: 192 }, (_, i) => i / 2 - 3.25),
    );
    const rounded = await run(graph, 'f32,mean=-0.25', { image });
    const expected = Array.from({ length: 192 }, (_, i) => {
      const value = i / 2 - 3;
      const floor = Math.floor(value);
      return Math.max(0, value === floor ? value : floor % 2 === 0 ? floor : floor + 1);
    });
    expect(Array.from(numbersOf(rounded))).toEqual(expected);
  });
});

it('converts gray frames to RGB', async () => {
  const image = noise('u8', [4, 5, 1]);
  const result = await run(mirror([1, symbol('h'), symbol('w'), 3]), 'hwc,gray', { image });
  expect(result.shape).toEqual([1, 4, 5, 3]);
  expect(Array.from(numbersOf(result))).toEqual(Array.from(numbersOf(image)).flatMap(v => [2 * v, 2 * v, 2 * v]));
});

describe('a frame of another aspect ratio', () => {
  const model = { width: 12, height: 16 };
  const half = noise('u8', [1, 10, 24, 3]);

  it.each([
    ['fit=letterbox', 5],
    ['fit=fit_to_window', 0],
  ])('is fitted with its aspect ratio by %s', async (fit, top) => {
    const inner = fitted({ width: 24, height: 10 }, model);
    expect(inner).toEqual({ width: 12, height: 5 });
    const result = await run(mirror([1, 16, 12, 3]), `${fit},pad_value=9`, { image: half });
    const alone = await run(mirror([1, 5, 12, 3]), 'rgb', { image: half });
    const rows = Array.from(numbersOf(result));
    expect(difference(tensorOf('f32', alone.shape, rows.slice(top * 36, (top + 5) * 36)), alone)).toBeLessThan(1e-3);
    expect(new Set([...rows.slice(0, top * 36), ...rows.slice((top + 5) * 36)])).toEqual(new Set([18]));
  });

  it('determines the area of the frame that the model sees', () => {
    const frame = { width: 24, height: 10 };
    expect(areaOf(parseSteps('fit=fit_to_window'), frame, model)).toEqual({ x: 0, y: 0, width: 1, height: 3.2 });
    expect(areaOf(parseSteps('fit=letterbox'), frame, model)).toEqual({ x: 0, y: -1, width: 1, height: 3.2 });
    expect(areaOf(parseSteps('crop=6:0:6:0'), frame, model)).toEqual({ x: 0.25, y: 0, width: 0.5, height: 1 });
    expect(areaOf(parseSteps('pad=0:10:0:0'), frame, model)).toEqual({ x: 0, y: -1, width: 1, height: 2 });
  });
});

it('permutes and converts outputs', async () => {
  const graph = addPreprocessing(mirror([1, 2, 2, 3]), { outputs: { result: { type: 'i32', order: [0, 3, 1, 2] } } });
  const image = noise('f32', [1, 2, 2, 3]);
  const { outputs } = await runOnOpenVino(graph, new Map([['image', image]]));
  const result = outputs.get('result')!;
  expect(result).toMatchObject({ type: 'i32', shape: [1, 3, 2, 2] });
  expect(numbersOf(result)[1]).toBe(2 * numbersOf(image)[3]!);
});

describe('rejects', () => {
  const attempt = (shape: readonly Dim[], steps: string): (() => unknown) => {
    return () => addPreprocessing(mirror(shape), { input: parseSteps(steps) });
  };

  it.each([
    [[1, 8, 8, 4], 'rgb', 'the model has no single image input; its inputs are image f32[1,8,8,4]'],
    [[1, 8, 8, 3], 'input=other', "the model has no image input 'other'"],
    [[2, 8, 8, 3], 'hwc', 'the layout HWC has no batch axis, but the model has a batch'],
    [[1, 8, 8, 3], 'nv12,nchw', 'NV12_SINGLE_PLANE must be u8 or f32 in NHWC, got u8 in NCHW'],
    [[1, 8, 8, 3], 'i420,size=7x8', 'needs an even height and width, got 7x8'],
    [[1, 8, symbol('w'), 3], 'resize=linear', 'there is no size to resize to'],
  ])('%j: %s', (shape, steps, message) => {
    expect(attempt(shape, steps)).toThrow(message);
  });

  it('unknown outputs, and lists the known ones', () => {
    const call = () => addPreprocessing(mirror([1, 8, 8, 3]), { outputs: { other: { type: 'f16' } } });
    expect(call).toThrow(expect.objectContaining({ code: 'not-found', remedy: 'The outputs are result.' }));
    expect(() => addPreprocessing(mirror([1, 8, 8, 3]), { outputs: { result: { order: [0, 1] } } })).toThrow(
      'is not a permutation',
    );
  });
});
