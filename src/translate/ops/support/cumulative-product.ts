import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Greater, GreaterEqual, Less, LessEqual } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { ReduceProd } from '../../../ov/ops/reduction.ts';
import { constantLike, sizeAlong, unsqueeze } from '../../../ov/shorthand.ts';
import { normalizeAxis } from '../../../tensor/axis.ts';
import type { TfOp } from '../../tf-op.ts';
import { countTo } from '../generation.ts';
import { widened } from './widened.ts';

/**
 * Translates `Cumprod`: each position multiplies the ones before it, so the cost grows with the square of the axis. OpenVINO only
 * has CumSum, and logarithms are neither exact nor defined for zeros and negatives.
 */
export function cumulativeProduct(op: TfOp, b: Builder): Value {
  const rank = op.input(0).shape.length;
  const axis = normalizeAxis(op.integer(1, 'axis'), rank);
  return widened(b, [op.input(0)], x => {
    const factors = b.add(Select, [factorsOf(op, b, x, axis), unsqueeze(b, x, axis), constantLike(b, x, 1)]);
    return b.add(ReduceProd, [factors, b.i64(axis + 1)]);
  });
}

/** Whether the position of `axis` + 1 is a factor of the position of `axis`. */
function factorsOf(op: TfOp, b: Builder, x: Value, axis: number): Value {
  const after = x.shape.slice(axis + 1).map((_, i) => i + 2);
  const count = sizeAlong(b, x, axis);
  const positions = countTo(b, count);
  const products = unsqueeze(b, positions, 1, ...after);
  const factors = unsqueeze(b, positions, 0, ...after);
  const [before, beforeOrAt] = op.bool('reverse', false) ? [Greater, GreaterEqual] : [Less, LessEqual];
  return b.add(op.bool('exclusive', false) ? before : beforeOrAt, [factors, products]);
}
