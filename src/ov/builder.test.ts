import { describe, expect, it } from 'vitest';
import { dimAdd, dimSub, type Shape, symbol } from '../tensor/dim.ts';
import { packStrings } from '../tensor/strings.ts';
import { deferred, isDeferred, numbersOf, scalar, tensorOf, vector } from '../tensor/tensor.ts';
import { Builder } from './builder.ts';
import type { Value } from './graph.ts';
import { Convolution } from './ops/convolution.ts';
import { Abs, Add, Divide, FloorMod, Maximum, Minimum, Multiply, Subtract } from './ops/arithmetic.ts';
import { Equal, Less } from './ops/comparison.ts';
import { Broadcast, Concat, Pad, Split, Tile } from './ops/movement.ts';
import { Interpolate } from './ops/image.ts';
import { Gather } from './ops/gather.ts';
import { MaxPool } from './ops/pooling.ts';
import { ReduceProd } from './ops/reduction.ts';
import { Reshape, ShapeOf, Squeeze, Unsqueeze } from './ops/shape.ts';
import { Range } from './ops/generation.ts';
import { Select } from './ops/condition.ts';
import { StridedSlice } from './ops/slice.ts';
import { Convert } from './ops/type.ts';
import { Relu } from './ops/activation.ts';

const h = symbol('h');
const w = symbol('w');

const b = new Builder();
const image = b.parameter('image', 'f32', [1, h, w, 3]);
const shapeText = ({ shape }: { readonly shape: Shape }): string => shape.join(',');
const elements = (value: Value): string => value.partialValue?.join(',') ?? 'unknown';

const sizeOfAxis = (from: number, x = image): Value =>
  b.add(StridedSlice, [b.add(ShapeOf, [x], { output_type: 'i32' }), b.i64(from), b.i64(from + 1), b.i64(1)], {
    begin_mask: [false],
    end_mask: [false],
    shrink_axis_mask: [true],
  });

const i32 = (value: number): Value => b.scalar('i32', value);
const vectorOf = (...values: readonly Value[]): Value =>
  b.add(
    Concat,
    values.map(value => b.add(Unsqueeze, [value, b.i64(0)])),
    { axis: 0 },
  );

describe('folding', () => {
  it('evaluates ops on constants', () => {
    const sum = b.add(Add, [b.scalar('f32', 1.5), b.scalar('f32', 2)]);
    expect(numbersOf(sum.node.constant!)).toEqual(new Float32Array([3.5]));
  });

  it('does not grow a constant beyond 1,048,576 elements', () => {
    const one = b.scalar('f32', 1);
    expect(b.add(Broadcast, [one, b.i64(1024, 1024)]).node.constant).toBeDefined();
    expect(b.add(Broadcast, [one, b.i64(1024, 1025)]).node.constant).toBeUndefined();
    expect(b.add(Tile, [one, b.i64(2 ** 40)]).node.constant).toBeUndefined();
  });

  it('folds a constant of any size if the result is not larger', () => {
    const large = b.constant(tensorOf('f32', [1025, 1024], new Float32Array(1025 * 1024)));
    expect(b.add(Relu, [large]).node.constant).toBeDefined();
  });

  it('defers large constants until their data is read, and reuses equal ones', () => {
    const weights = b.constant(tensorOf('f32', [20, 1024], new Float32Array(20_480).fill(2)));
    const half = b.scalar('f32', 0.25);
    const scaled = b.add(Multiply, [weights, half]);
    expect(isDeferred(scaled.node.constant!)).toBe(true);
    expect(scaled.node.constant!.data).toEqual(new Float32Array(20_480).fill(0.5));
    expect(b.add(Multiply, [weights, half])).toBe(scaled);
    const parts = b.addAll(Split, [b.add(Relu, [scaled]), b.scalar('i64', 0)], { num_splits: 2 });
    expect(parts.map(({ node }) => node.constant!.data.length)).toEqual([10_240, 10_240]);
  });

  it('folds any number of weights that are read lazily', () => {
    const read = (): never => {
      throw new Error('Nothing reads the data.');
    };
    const folded = Array.from({ length: 20 }, () => b.add(Relu, [b.constant(deferred('f32', [1024, 1024], read))]));
    expect(folded.every(({ node }) => node.constant !== undefined)).toBe(true);
  });

  it('folds large results of small constants eagerly, also in a later Builder', () => {
    const grid = b.add(Broadcast, [b.scalar('f32', 3), b.i64(20, 1024)]);
    const twice = b.add(Add, [grid, grid]);
    expect(isDeferred(twice.node.constant!)).toBe(false);
    expect(twice.node.constant!.data).toEqual(new Float32Array(20_480).fill(6));
    expect(isDeferred(new Builder().add(Add, [twice, grid]).node.constant!)).toBe(false);
  });

  it('keeps nodes that it cannot evaluate, of any size', () => {
    for (const size of [4, 20_480]) {
      const halves = b.constant(tensorOf('f16', [size], []));
      const restored = b.add(Convert, [halves], { destination_type: 'f32', decompression: true });
      expect(restored.node.constant).toBeUndefined();
      const rows = b.constant(tensorOf('f32', [2, size], []));
      const gathered = b.add(Gather, [rows, b.constant(tensorOf('i64', [2, 1], [])), b.scalar('i64', 1)], {
        batch_dims: 1,
      });
      expect(gathered.node.constant).toBeUndefined();
    }
  });

  it('keeps ops on packed elements and strings', () => {
    const packed = b.constant({ type: 'u4', shape: [4], data: new Uint8Array(2) });
    expect(b.add(Convert, [packed], { destination_type: 'f32' }).node.constant).toBeUndefined();
    expect(b.add(Abs, [packed]).node.constant).toBeUndefined();
    const words = b.constant(packStrings([2], ['a', 'b']));
    expect(b.add(Concat, [words, words], { axis: 0 }).node.constant).toBeUndefined();
    expect(b.add(Gather, [words, b.i64(0), b.i64(0)]).node.constant).toBeUndefined();
  });

  it('keeps all bits of 64-bit integers', () => {
    const large = b.constant({ type: 'i64', shape: [1], data: new BigInt64Array([2n ** 53n + 1n]) });
    const chosen = b.add(Select, [b.scalar('boolean', 1), large, b.add(Gather, [large, b.i64(0), b.scalar('i64', 0)])]);
    expect(chosen.node.constant?.data).toEqual(new BigInt64Array([2n ** 53n + 1n]));
  });

  it('replaces empty values by constants', () => {
    const x = b.parameter('x', 'f32', [3, 4]);
    const none = b.add(Gather, [x, b.parameter('i', 'i64', [0]), b.scalar('i64', 0)]);
    expect(none.node.constant).toEqual({ type: 'f32', shape: [0, 4], data: new Float32Array(0) });
    const words = b.parameter('words', 'string', [0, 2]);
    expect(b.add(Tile, [words, b.i64(2)]).node.constant).toEqual(packStrings([0, 4], []));
  });

  it('folds a value with a complete partial value even if its inputs are not constant', () => {
    const fixed = b.parameter('fixed', 'f32', [2, 5]);
    expect(b.add(ShapeOf, [fixed]).node.constant).toEqual(vector('i64', [2, 5]));
    expect(b.add(Subtract, [sizeOfAxis(1), sizeOfAxis(1)]).node.constant).toEqual(scalar('i32', 0));
  });

  it('names nodes after the origin', () => {
    const named = new Builder('Preprocessor/mul');
    expect(named.add(Relu, [image]).node.name).toBe('Preprocessor/mul');
    expect(named.scalar('f32', 1).node.name).toBe('Preprocessor/mul');
  });

  it('restores the former origin after a scope, even if it throws', () => {
    const named = new Builder('outer');
    const nameOf = (): string => named.scalar('f32', 1).node.name;
    expect(named.at('inner', () => [nameOf(), named.at('innermost', nameOf), nameOf()])).toEqual([
      'inner',
      'innermost',
      'inner',
    ]);
    expect(nameOf()).toBe('outer');
    expect(() => named.at('inner', () => named.parameter('x', 'f32', [-1]))).toThrow();
    expect(nameOf()).toBe('outer');
  });
});

describe('partial values', () => {
  it('propagate from ShapeOf to single elements', () => {
    expect(elements(b.add(ShapeOf, [image]))).toBe('1,h,w,3');
    expect(elements(sizeOfAxis(1))).toBe('h');
    expect(elements(sizeOfAxis(-1))).toBe('3');
  });

  it('cancel: h + (640 - h) is 640', () => {
    const missing = b.add(Subtract, [i32(640), sizeOfAxis(1)]);
    expect(elements(missing)).toBe('-1*h+640');
    expect(b.add(Add, [sizeOfAxis(1), missing]).node.constant).toEqual(scalar('i32', 640));
    const pads = vectorOf(i32(0), missing, i32(0), i32(0));
    expect(shapeText(b.add(Pad, [image, b.constant(vector('i32', [0, 0, 0, 0])), pads]))).toBe('1,640,w,3');
  });

  it('determine the -1 of a Reshape', () => {
    expect(shapeText(b.add(Reshape, [image, b.i64(1, -1, 3)]))).toBe('1,h*w,3');
    expect(shapeText(b.add(Reshape, [image, b.i64(-1)]))).toBe('3*h*w');
    expect(shapeText(b.add(Reshape, [image, vectorOf(sizeOfAxis(1), i32(-1))]))).toBe('h,3*w');
    expect(shapeText(b.add(Reshape, [image, b.i64(-1, 5)]))).toBe('floordiv(3·h·w;5),5');
  });

  it('of a static shape survive ShapeOf, StridedSlice, Concat and Reshape', () => {
    const x = b.parameter('x', 'f32', [2, 3, 4]);
    const target = vectorOf(b.add(Multiply, [sizeOfAxis(0, x), sizeOfAxis(1, x)]), i32(-1));
    expect(target.node.constant).toEqual(vector('i32', [6, -1]));
    expect(shapeText(b.add(Reshape, [x, target]))).toBe('6,4');
  });

  it('of a dynamic shape survive the same ops', () => {
    const target = vectorOf(sizeOfAxis(0), b.add(Multiply, [sizeOfAxis(1), sizeOfAxis(2)]), i32(3));
    expect(elements(target)).toBe('1,h*w,3');
    const flat = b.add(Reshape, [image, target]);
    expect(shapeText(flat)).toBe('1,h*w,3');
    expect(shapeText(b.add(Reshape, [flat, b.add(ShapeOf, [image])]))).toBe('1,h,w,3');
  });

  it('of convolutions: SAME rounds up, VALID rounds down', () => {
    const x = b.parameter('x', 'f32', [1, 3, h, w]);
    const filters = b.constant(tensorOf('f32', [8, 3, 3, 3], []));
    const window = { dilations: [1, 1], pads_begin: [0, 0], pads_end: [0, 0] };
    const same = b.add(Convolution, [x, filters], { ...window, strides: [2, 1], auto_pad: 'same_upper' });
    expect(shapeText(same)).toBe('1,8,floordiv(h+1;2),w');
    const valid = b.add(Convolution, [x, filters], { ...window, strides: [2, 1], auto_pad: 'valid' });
    expect(shapeText(valid)).toBe('1,8,floordiv(h-3;2)+1,w-2');
    const pool = { kernel: [3, 3], strides: [2, 2], pads_begin: [1, 1], pads_end: [1, 1] };
    expect(shapeText(b.add(MaxPool, [x], pool))).toBe('1,3,floordiv(h-1;2)+1,floordiv(w-1;2)+1');
  });

  it('are equal if computed in two ways', () => {
    const half = b.add(Divide, [b.add(Add, [sizeOfAxis(1), i32(1)]), i32(2)]);
    const filters = b.constant(tensorOf('f32', [1, 3, 1, 1], []));
    const conv = b.add(Convolution, [b.parameter('x', 'f32', [1, 3, h, w]), filters], {
      strides: [2, 2],
      dilations: [1, 1],
      pads_begin: [0, 0],
      pads_end: [0, 0],
      auto_pad: 'same_upper',
    });
    expect(elements(half)).toBe(String(conv.shape[2]));
    expect(b.add(Subtract, [half, sizeOfAxis(2, conv)]).node.constant).toEqual(scalar('i32', 0));
  });

  it('are compared if their difference is known', () => {
    const more = b.add(Add, [sizeOfAxis(1), i32(1)]);
    expect(b.add(Less, [sizeOfAxis(1), more]).node.constant).toEqual(scalar('boolean', 1));
    expect(b.add(Equal, [sizeOfAxis(1), more]).node.constant).toEqual(scalar('boolean', 0));
    expect(b.add(Less, [sizeOfAxis(1), sizeOfAxis(2)]).node.constant).toBeUndefined();
  });

  it('select by a known condition, and are unknown otherwise', () => {
    const yes = b.add(Equal, [sizeOfAxis(1), sizeOfAxis(1)]);
    expect(elements(b.add(Select, [yes, sizeOfAxis(1), sizeOfAxis(2)]))).toBe('h');
    const perhaps = b.add(Less, [sizeOfAxis(1), sizeOfAxis(2)]);
    expect(elements(b.add(Select, [perhaps, sizeOfAxis(1), sizeOfAxis(1)]))).toBe('h');
    expect(elements(b.add(Select, [perhaps, sizeOfAxis(1), sizeOfAxis(2)]))).toMatch(/^\?\d+$/);
  });

  it('have minimum and maximum', () => {
    expect(elements(b.add(Maximum, [sizeOfAxis(1), b.add(Add, [sizeOfAxis(1), i32(2)])]))).toBe('h+2');
    expect(elements(b.add(Minimum, [sizeOfAxis(1), sizeOfAxis(2)]))).toBe('min(h;w)');
    expect(elements(b.add(Minimum, [sizeOfAxis(2), sizeOfAxis(1)]))).toBe('min(h;w)');
  });

  it('propagate through ops that only move elements', () => {
    const shape = b.add(ShapeOf, [image]);
    expect(elements(b.add(Gather, [shape, b.i64(2, 1), b.scalar('i64', 0)]))).toBe('w,h');
    const [front, back] = b.addAll(Split, [shape, b.scalar('i64', 0)], { num_splits: 2 });
    expect([elements(front!), elements(back!)]).toEqual(['1,h', 'w,3']);
    expect(elements(b.add(Squeeze, [b.add(Gather, [shape, b.i64(1), b.scalar('i64', 0)]), b.i64(0)]))).toBe('h');
    expect(elements(b.add(ReduceProd, [b.add(Gather, [shape, b.i64(1, 2), b.scalar('i64', 0)]), b.i64(0)]))).toBe(
      'h*w',
    );
    expect(elements(b.add(Broadcast, [sizeOfAxis(1), b.i64(2)]))).toBe('h,h');
    expect(elements(b.add(Convert, [shape], { destination_type: 'i32' }))).toBe('1,h,w,3');
  });

  it('have remainders', () => {
    expect(elements(b.add(FloorMod, [sizeOfAxis(1), i32(2)]))).toBe('-2*floordiv(h;2)+h');
    expect(elements(b.add(FloorMod, [b.add(Multiply, [sizeOfAxis(1), i32(4)]), i32(2)]))).toBe('0');
  });

  it('determine the shapes of Range and Interpolate', () => {
    const range = b.add(Range, [i32(0), sizeOfAxis(1), i32(2)], { output_type: 'i32' });
    expect(shapeText(range)).toBe('floordiv(h+1;2)');
    const x = b.parameter('x', 'f32', [1, 3, h, w]);
    const doubled = b.add(Multiply, [vectorOf(sizeOfAxis(1), sizeOfAxis(2)), i32(2)]);
    expect(shapeText(b.add(Interpolate, [x, doubled, b.i64(2, 3)], { mode: 'nearest' }))).toBe('1,3,2*h,2*w');
  });

  it('of one unknown element are equal in all shapes', () => {
    const given = b.parameter('given', 'i32', [2]);
    const [first] = b.addAll(Split, [given, b.scalar('i64', 0)], { num_splits: 2 });
    const x = b.add(Broadcast, [b.scalar('f32', 0), b.add(Add, [first!, b.constant(vector('i32', [1]))])]);
    const y = b.add(Broadcast, [b.scalar('f32', 0), first!]);
    expect(dimSub(x.shape[0]!, y.shape[0]!)).toBe(1);
    expect(x.shape[0]).not.toBe(dimAdd(y.shape[0]!, 2));
  });
});

describe('sizes', () => {
  const cases: readonly (readonly [string, () => unknown])[] = [
    ['a negative inferred size', () => b.add(Pad, [b.parameter('v', 'f32', [2]), b.i64(-2), b.i64(-1)])],
    ['a fractional size of a parameter', () => b.parameter('p', 'f32', [0.5])],
    ['a negative size of a parameter', () => b.parameter('p', 'f32', [-1])],
  ];
  it.each(cases)('reject %s', (_name, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'DecantError', code: 'malformed' }) as Error);
  });
});
