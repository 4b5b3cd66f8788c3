import type { ElementType } from '../../src/tensor/element-type.ts';
import { numbersOf, sizeOf, type Tensor, tensorOf } from '../../src/tensor/tensor.ts';
import { type Fixed, fixed } from './op-case.ts';

/** Tensor literals: `f32([2, 2], [1, 2, 3, 4])`. */
const literal =
  (type: ElementType) =>
  (shape: readonly number[], values: readonly number[]): Tensor => {
    if (sizeOf(shape) !== values.length) throw new Error(`${values.length} values for [${shape.join(',')}]`);
    return tensorOf(type, shape, values);
  };

export const f64 = literal('f64');
export const f32 = literal('f32');
export const f16 = literal('f16');
export const i64 = literal('i64');
export const i32 = literal('i32');
export const i8 = literal('i8');
export const u8 = literal('u8');
export const bool = literal('boolean');

/** A constant vector of i64: axes, sizes. */
export const axes = (...values: readonly number[]): Fixed => fixed(i64([values.length], values));

/** A constant scalar. */
export const axis = (value: number): Fixed => fixed(i64([], [value]));

/** `start`, `start + 1`, ... for every element of a shape. */
export const count = (shape: readonly number[], start = 0): readonly number[] =>
  Array.from({ length: sizeOf(shape) }, (_, i) => start + i);

export const counting = (shape: readonly number[], start = 0): Tensor => f32(shape, count(shape, start));

/** A tensor in comparable form, with elements as JavaScript numbers. */
export const plain = (tensor: Tensor): { readonly type: string; readonly values: readonly number[] } => ({
  type: `${tensor.type}[${tensor.shape.join(',')}]`,
  values: Array.from(numbersOf(tensor)),
});

/** f32 [N]. */
export const vector = (...values: readonly number[]) => f32([values.length], values);
