import { DecantError } from '../errors.ts';
import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { Concat } from '../ov/ops/movement.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ov/ops/shape.ts';
import { Convert } from '../ov/ops/type.ts';
import type { Dim } from '../tensor/dim.ts';
import type { ElementType } from '../tensor/element-type.ts';

/** Small phrases that translators share. */

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

/** A constant of the type of `like`. */
export const constantLike = (b: Builder, like: Value, value: number): Value => b.scalar(like.type, value);

/** @throws DecantError `unsupported` when the size is not known at conversion */
export function knownDim(dim: Dim | undefined, what: string): number {
  if (typeof dim !== 'number') throw new DecantError('unsupported', `${what} must be known at conversion`);
  return dim;
}

/** An axis counted from the front. */
export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Types whose arithmetic saturates or rounds in OpenVINO, where TensorFlow's wraps and cuts as that of wider ones does. */
const NARROW: ReadonlySet<ElementType> = new Set(['u8', 'i8', 'u16', 'i16']);

/** `f` of values of one type, computed in i32 where the type is narrow. */
export function widened(b: Builder, values: readonly Value[], f: (...values: readonly Value[]) => Value): Value {
  const type = values[0]!.type;
  if (!NARROW.has(type)) return f(...values);
  return convert(b, f(...values.map(value => convert(b, value, 'i32'))), type);
}
