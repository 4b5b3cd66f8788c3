import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add } from '../../../ov/ops/arithmetic.ts';
import { Less } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { ScatterNDReduce } from '../../../ov/ops/gather.ts';
import { Broadcast } from '../../../ov/ops/movement.ts';
import { ReduceMax } from '../../../ov/ops/reduction.ts';
import { ShapeOf } from '../../../ov/ops/shape.ts';
import { StridedSlice } from '../../../ov/ops/slice.ts';
import { concat, constantLike, convert, sizesAlong, unsqueeze } from '../../../ov/shorthand.ts';
import { bitsOf, type ElementType, isSigned, LARGEST_REAL } from '../../../tensor/element-type.ts';
import { widened } from './widened.ts';

export type Reduction = 'sum' | 'prod' | 'max' | 'min';

function neutral(reduction: Reduction, type: ElementType): number {
  if (reduction === 'sum') return 0;
  if (reduction === 'prod') return 1;
  const largest = LARGEST_REAL[type];
  if (largest !== undefined) return reduction === 'max' ? -largest : largest;
  const half = 2 ** (bitsOf(type) - 1);
  if (reduction === 'max') return isSigned(type) ? -half : 0;
  return isSigned(type) ? half - 1 : 2 * half - 1;
}

/** Sizes of the axes of `x` from `from`. */
export const rowSizes = (b: Builder, x: Value, from: number): Value => {
  const rank = x.shape.length;
  const axes = Array.from({ length: rank - from }, (_, i) => i + from);
  return sizesAlong(b, x, ...axes);
};

/** Reduces the rows of `x` with the same id. Drops those with a negative one. */
export function reduceByGroup(b: Builder, x: Value, ids: Value, count: Value, reduction: Reduction): Value {
  const depth = ids.shape.length;
  const groups = unsqueeze(b, convert(b, count, 'i64'), 0);
  const numbers = convert(b, ids, 'i64');
  // An extra group collects the dropped rows and is sliced off.
  const isDropped = b.add(Less, [numbers, b.scalar('i64', 0)]);
  const indices = unsqueeze(b, b.add(Select, [isDropped, groups, numbers]), depth);
  const shape = concat(b, 0, [b.add(Add, [groups, b.i64(1)]), rowSizes(b, x, depth)]);
  return widened(b, [x], rows => {
    const empty = b.add(Broadcast, [constantLike(b, rows, neutral(reduction, x.type)), shape]);
    const all = b.add(ScatterNDReduce, [empty, indices, rows], { reduction });
    return b.add(StridedSlice, [all, b.i64(0), groups, b.i64(1)], { begin_mask: [false], end_mask: [false] });
  });
}

/** Number of groups if the ids are those of all groups in order. */
export const countOfSorted = (b: Builder, ids: Value): Value => {
  // Without ids there are no groups.
  const all = concat(b, 0, [b.i64(-1), convert(b, ids, 'i64')]);
  return b.add(Add, [b.add(ReduceMax, [all, b.i64(0)]), b.scalar('i64', 1)]);
};

export const ones = (b: Builder, ids: Value, type: ElementType): Value =>
  b.add(Broadcast, [b.scalar(type, 1), b.add(ShapeOf, [ids])]);
