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

/** OpenVINO's stable TopK costs count * k comparisons; up to this many it is faster than restoring the order. */
const MAX_STABLE_COMPARISONS = 1 << 16;

/** A group and an index are combined in one i32, which overflows for more elements. */
const MAX_ORDERED = 46_340;

type Sorted = readonly [values: Value, indices: Value];

/**
 * Returns the `k` largest elements along the last axis. As in TensorFlow, equal ones are in order of index, but not for more
 * than `MAX_ORDERED` elements.
 */
export function topK(b: Builder, x: Value, k: Value): Sorted {
  const count = x.shape.at(-1)!;
  if (typeof count !== 'number') {
    const size = sizeOf(b, x);
    const canOrder = b.add(LessEqual, [size, b.scalar('i32', MAX_ORDERED)]);
    const [values, indices] = take(b, x, b.add(Select, [canOrder, size, convert(b, k, 'i32')]));
    const unordered = b.add(Range, [b.scalar('i32', 0), sizeOf(b, values), b.scalar('i32', 1)], {
      output_type: 'i32',
    });
    const base = groupsOf(b, values, size);
    const keys = b.add(Select, [canOrder, b.add(Add, [base, indices]), unordered]);
    const inOrder = b.add(Subtract, [ascending(b, keys), base]);
    return firstOf(b, [values, b.add(Select, [canOrder, inOrder, indices])], k);
  }
  const most = k.partialValue?.[0] ?? count;
  if (typeof most === 'number' && count * most <= MAX_STABLE_COMPARISONS) return take(b, x, k, true);
  if (count > MAX_ORDERED) return take(b, x, k);
  // All elements are sorted, because the k-th may equal some after it with a lower index.
  const [values, indices] = take(b, x, b.scalar('i32', count));
  const base = groupsOf(b, values, b.scalar('i32', count));
  const inOrder = b.add(Subtract, [ascending(b, b.add(Add, [base, indices])), base]);
  return most === count ? [values, inOrder] : firstOf(b, [values, inOrder], k);
}

function take(b: Builder, x: Value, k: Value, stable = false): Sorted {
  const [values, indices] = b.addAll(TopK, [x, k], { axis: x.shape.length - 1, stable });
  return [values!, indices!];
}

/** Equal values form a group; returns `size` times the index of each sorted value's group. */
function groupsOf(b: Builder, sorted: Value, size: Value): Value {
  const axis = sorted.shape.length - 1;
  const cut = (from: number, to: number): Value => slice(b, sorted, b.i64(from), b.i64(to));
  const before = concat(b, axis, [cut(0, 1), cut(0, -1)]);
  const startsGroup = convert(b, b.add(NotEqual, [sorted, before]), 'i32');
  return b.add(Multiply, [b.add(CumSum, [startsGroup, b.scalar('i64', axis)]), size]);
}

const ascending = (b: Builder, keys: Value): Value =>
  b.add(TopK, [keys, sizeOf(b, keys)], { axis: keys.shape.length - 1, mode: 'min' });

const firstOf = (b: Builder, [values, indices]: Sorted, k: Value): Sorted => {
  const end = b.add(Broadcast, [convert(b, k, 'i64'), b.i64(1)]);
  return [slice(b, values, b.i64(0), end), slice(b, indices, b.i64(0), end)];
};

const slice = (b: Builder, x: Value, from: Value, to: Value): Value =>
  b.add(Slice, [x, from, to, b.i64(1), b.i64(x.shape.length - 1)]);

const sizeOf = (b: Builder, x: Value): Value =>
  b.add(Gather, [b.add(ShapeOf, [x], { output_type: 'i32' }), b.scalar('i64', x.shape.length - 1), b.scalar('i64', 0)]);
