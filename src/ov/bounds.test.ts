import { describe, expect, it } from 'vitest';
import { symbol } from '../tensor/dim.ts';
import { tensorOf } from '../tensor/tensor.ts';
import { boundsOf } from './bounds.ts';
import { Builder } from './builder.ts';
import type { Value } from './graph.ts';
import { Add, Divide, FloorMod, Multiply, Subtract } from './ops/arithmetic.ts';
import { NonZero, Select } from './ops/condition.ts';
import { Gather } from './ops/gather.ts';
import { Concat, Pad } from './ops/movement.ts';
import { NonMaxSuppression, TopK } from './ops/sort.ts';
import { convert, reshape } from './shorthand.ts';

const b = new Builder();
const vector = (...values: readonly number[]): Value => b.constant(tensorOf('f32', [values.length], values));
const index = b.parameter('i', 'i32', [3]);
/** Some elements of a vector; which ones is unknown. */
const some = (...values: readonly number[]): Value => b.add(Gather, [vector(...values), index, b.scalar('i64', 0)]);
const integers = (...values: readonly number[]): Value => convert(b, some(...values), 'i32');
const reals = (...shape: readonly number[]): Value => b.parameter('x', 'f32', shape);
const of = (value: Value): readonly number[] | undefined => {
  const bounds = boundsOf(value);
  return bounds === undefined ? undefined : [bounds.least, bounds.most];
};

describe('boundsOf', () => {
  it.each([
    ['a constant', vector(3, 1, 2), [1, 3]],
    ['a gather, which returns 0 for indices out of range', some(1, 2), [0, 2]],
    ['elements in another shape', reshape(b, some(3, -1), 3, 1), [-1, 3]],
    ['a concatenation', b.add(Concat, [some(1, 2), some(-4, 1)], { axis: 0 }), [-4, 2]],
    ['a choice', b.add(Select, [b.parameter('c', 'boolean', [3]), some(1, 2), some(7)]), [0, 7]],
    ['padding', b.add(Pad, [some(1), b.i64(0), b.i64(2), b.scalar('f32', 9)], { pad_mode: 'constant' }), [0, 9]],
    ['integers of reals', convert(b, some(1.9, -1.9), 'i32'), [-1, 1]],
    ['a sum', b.add(Add, [some(1, 2), some(5, -1)]), [-1, 7]],
    ['a difference', b.add(Subtract, [some(1, 2), some(5, -1)]), [-5, 3]],
    ['a product of integers', b.add(Multiply, [integers(-1, 2), integers(5, -3)]), [-6, 10]],
    ['positions of the best', b.addAll(TopK, [reals(3, 20), b.scalar('i64', 2)], { axis: 1 })[1]!, [-1, 20]],
    ['positions of what is not 0', b.add(NonZero, [reals(30, 2)]), [-1, 30]],
    ['boxes', b.add(NonMaxSuppression, [reals(1, 70, 4), reals(1, 5, 70), b.scalar('i64', 9)]), [-1, 70]],
    ['quotients of integers', b.add(Divide, [integers(7, -9), b.constant(tensorOf('i32', [3], [2, 3, 3]))]), [-9, 7]],
    ['remainders of integers', b.add(FloorMod, [integers(7, -9), b.constant(tensorOf('i32', [3], [2, 3, 3]))]), [0, 2]],
  ])('bounds %s', (_, value, expected) => {
    expect(of(value)).toEqual(expected);
  });

  it.each([
    ['inputs', index],
    ['bytes, which wrap around', convert(b, some(1, 300), 'u8')],
    ['infinity', some(Infinity)],
    ['NaN', some(NaN)],
    ['numbers that are rounded', some(2 ** 25)],
    ['positions along axes of open size', b.add(NonZero, [b.parameter('x', 'f32', [symbol('n')])])],
    ['the best values', b.add(TopK, [reals(3, 20), b.scalar('i64', 2)], { axis: 1 })],
    ['quotients by 0', b.add(Divide, [integers(7), integers(0, 1)])],
    ['quotients of reals', b.add(Divide, [some(7), vector(0.5)])],
    ['products of reals, which are rounded', b.add(Multiply, [some(0.1), some(0.3)])],
  ])('knows nothing of %s', (_, value) => {
    expect(of(value)).toBeUndefined();
  });

  it('visits values with exponentially many users once', () => {
    const sums = Array.from({ length: 60 }).reduce<Value>(x => b.add(Subtract, [x, x]), some(0));
    expect(of(sums)).toEqual([0, 0]);
  });
});
