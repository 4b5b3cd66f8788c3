import { DecantError } from '../errors.ts';
import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { convert } from '../ov/shorthand.ts';
import type { Dim } from '../tensor/dim.ts';
import type { ElementType } from '../tensor/element-type.ts';

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
