import type { ElementType } from '../tensor/element-type.ts';
import type { Builder } from './builder.ts';
import type { Value } from './graph.ts';
import { Gather } from './ops/gather.ts';
import { Concat } from './ops/movement.ts';
import { Reshape, ShapeOf, Squeeze, Unsqueeze } from './ops/shape.ts';
import { Convert } from './ops/type.ts';

export const convert = (b: Builder, x: Value, type: ElementType): Value =>
  x.type === type ? x : b.add(Convert, [x], { destination_type: type });

export const reshape = (b: Builder, x: Value, ...sizes: readonly number[]): Value =>
  b.add(Reshape, [x, b.i64(...sizes)]);

export const unsqueeze = (b: Builder, x: Value, ...axes: readonly number[]): Value =>
  axes.length === 0 ? x : b.add(Unsqueeze, [x, b.i64(...axes)]);

export const squeeze = (b: Builder, x: Value, ...axes: readonly number[]): Value =>
  axes.length === 0 ? x : b.add(Squeeze, [x, b.i64(...axes)]);

export const concat = (b: Builder, axis: number, values: readonly Value[]): Value =>
  values.length === 1 ? values[0]! : b.add(Concat, values, { axis });

/** The size of an axis, counted from the front: a scalar. */
export const sizeAlong = (b: Builder, x: Value, axis: number, type: 'i32' | 'i64' = 'i64'): Value =>
  b.add(Gather, [b.add(ShapeOf, [x], { output_type: type }), b.scalar('i64', axis), b.scalar('i64', 0)]);

/** The sizes of axes, counted from the front: i64 [n]. */
export const sizesAlong = (b: Builder, x: Value, ...axes: readonly number[]): Value =>
  b.add(Gather, [b.add(ShapeOf, [x]), b.i64(...axes), b.scalar('i64', 0)]);

/** A column of rows [n, columns]: [n]. */
export const columnOf = (b: Builder, rows: Value, column: number): Value =>
  b.add(Gather, [rows, b.scalar('i64', column), b.scalar('i64', 1)]);

export const constantLike = (b: Builder, like: Value, value: number): Value => b.scalar(like.type, value);
