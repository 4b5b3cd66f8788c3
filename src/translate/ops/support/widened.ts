import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { convert } from '../../../ov/shorthand.ts';
import type { ElementType } from '../../../tensor/element-type.ts';

/** Types whose arithmetic saturates or rounds in OpenVINO, but wraps around in TensorFlow. */
const NARROW: ReadonlySet<ElementType> = new Set(['u8', 'i8', 'u16', 'i16']);

export function widened(b: Builder, values: readonly Value[], f: (...values: readonly Value[]) => Value): Value {
  const type = values[0]!.type;
  if (!NARROW.has(type)) return f(...values);
  return convert(b, f(...values.map(value => convert(b, value, 'i32'))), type);
}
