import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Pad } from '../../../ov/ops/movement.ts';
import { constantLike } from '../../../ov/shorthand.ts';

/** Adds a 0 at the end of an axis. */
export function withZero(b: Builder, x: Value, axis: number): Value {
  const none = x.shape.map(() => 0);
  return b.add(Pad, [x, b.i64(...none), b.i64(...none.with(axis, 1)), constantLike(b, x, 0)], { pad_mode: 'constant' });
}
