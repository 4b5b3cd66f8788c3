import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, CumSum, Multiply, Subtract } from '../../../ov/ops/arithmetic.ts';
import { LessEqual, NotEqual } from '../../../ov/ops/comparison.ts';
import { Broadcast } from '../../../ov/ops/movement.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { ShapeOf } from '../../../ov/ops/shape.ts';
import { Range } from '../../../ov/ops/generation.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { TopK } from '../../../ov/ops/sort.ts';
import { Slice } from '../../../ov/ops/slice.ts';
import { concat, convert } from '../../../ov/shorthand.ts';

/** OpenVINO's stable sort compares everything with everything: below this many comparisons it is the faster one. */
const FEW = 1 << 16;

/** A group and a place in one i32: of more elements, the product of both may not fit. */
const MOST = 46_340;

/** Values along the last axis, best first, and their i32 positions. */
type Sorted = readonly [values: Value, positions: Value];

/**
 * The `k` largest along the last axis as TensorFlow gives them: among equals the first one comes first. Of more than `MOST`
 * elements, any of the equals may.
 */
export function topK(b: Builder, x: Value, k: Value): Sorted {
  const count = x.shape.at(-1)!;
  if (typeof count !== 'number') {
    const size = sizeOf(b, x);
    const fits = b.add(LessEqual, [size, b.scalar('i32', MOST)]);
    const [values, positions] = take(b, x, b.add(Select, [fits, size, convert(b, k, 'i32')]));
    const asTheyCome = b.add(Range, [b.scalar('i32', 0), sizeOf(b, values), b.scalar('i32', 1)], {
      output_type: 'i32',
    });
    const base = groupsOf(b, values, size);
    const keys = b.add(Select, [fits, b.add(Add, [base, positions]), asTheyCome]);
    const inOrder = b.add(Subtract, [ascending(b, keys), base]);
    return firstOf(b, [values, b.add(Select, [fits, inOrder, positions])], k);
  }
  const most = k.partialValue?.[0] ?? count;
  if (typeof most === 'number' && count * most <= FEW) return take(b, x, k, true);
  if (count > MOST) return take(b, x, k);
  // Which of the equals at the end are among the k shows where all of them are sorted.
  const [values, positions] = take(b, x, b.scalar('i32', count));
  const base = groupsOf(b, values, b.scalar('i32', count));
  const inOrder = b.add(Subtract, [ascending(b, b.add(Add, [base, positions])), base]);
  return most === count ? [values, inOrder] : firstOf(b, [values, inOrder], k);
}

function take(b: Builder, x: Value, k: Value, stable = false): Sorted {
  const [values, positions] = b.addAll(TopK, [x, k], { axis: x.shape.length - 1, stable });
  return [values!, positions!];
}

/** Equals make a group: for each of the sorted values, `size` times the groups before its own. */
function groupsOf(b: Builder, sorted: Value, size: Value): Value {
  const axis = sorted.shape.length - 1;
  const cut = (from: number, to: number): Value => slice(b, sorted, b.i64(from), b.i64(to));
  const before = concat(b, axis, [cut(0, 1), cut(0, -1)]);
  const isNext = convert(b, b.add(NotEqual, [sorted, before]), 'i32');
  return b.add(Multiply, [b.add(CumSum, [isNext, b.scalar('i64', axis)]), size]);
}

const ascending = (b: Builder, keys: Value): Value =>
  b.add(TopK, [keys, sizeOf(b, keys)], { axis: keys.shape.length - 1, mode: 'min' });

const firstOf = (b: Builder, [values, positions]: Sorted, k: Value): Sorted => {
  const end = b.add(Broadcast, [convert(b, k, 'i64'), b.i64(1)]);
  return [slice(b, values, b.i64(0), end), slice(b, positions, b.i64(0), end)];
};

const slice = (b: Builder, x: Value, from: Value, to: Value): Value =>
  b.add(Slice, [x, from, to, b.i64(1), b.i64(x.shape.length - 1)]);

const sizeOf = (b: Builder, x: Value): Value =>
  b.add(Gather, [b.add(ShapeOf, [x], { output_type: 'i32' }), b.scalar('i64', x.shape.length - 1), b.scalar('i64', 0)]);
