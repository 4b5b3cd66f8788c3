import type { Builder } from '../builder.ts';
import type { Node, Value } from '../graph.ts';
import { Add, CumSum, Multiply, Subtract } from '../ops/arithmetic.ts';
import { Greater, Less, LessEqual, NotEqual } from '../ops/comparison.ts';
import { NonZero, Select } from '../ops/condition.ts';
import { Gather, GatherElements } from '../ops/gather.ts';
import { Range } from '../ops/generation.ts';
import { LogicalNot } from '../ops/logical.ts';
import { Broadcast } from '../ops/movement.ts';
import { FAR, Slice } from '../ops/slice.ts';
import { TopK } from '../ops/sort.ts';
import { concat, convert, reshape, sizeAlong, squeeze } from '../shorthand.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';

/** OpenVINO's stable TopK costs count * k comparisons; up to this many it is faster than restoring the order. */
const MAX_STABLE_COMPARISONS = 1 << 16;

/** A group and an index are combined in one i32, which overflows for more elements. */
const MAX_ORDERED = 46_340;

/** Selecting the best elements is quicker than sorting all if these are this many times as many. */
const FEW = 4;

type Sorted = readonly [values: Value, indices: Value];

type TopKNode = Node<(typeof TopK)['attributes']>;

/**
 * TopK(x, k, stable)  ->  TopK(x, n), and another TopK that restores the order of equal elements. If k is much less than n:
 * TopK(x, k), and a TopK of keys that selects the first of equal elements. Of a vector of more than 46,340 elements, only those
 * that are not below the k-th are sorted; if even these are more, equal ones are in any order.
 */
const expandStable = rule('expand-stable', 'stable sorts replaced by faster ones', [TopK], (node, { b }) => {
  const { axis, mode, sort, stable, index_element_type } = node.attrs;
  const x = node.inputs[0]!;
  const k = node.inputs[1]!;
  const isLastAxis = axis === -1 || axis === x.shape.length - 1;
  if (!stable || mode !== 'max' || sort !== 'value' || index_element_type !== 'i32' || !isLastAxis) return undefined;
  const count = x.shape.at(-1)!;
  if (typeof count !== 'number') return k.partialValue?.[0] === 1 ? undefined : expandDynamic(b, node);
  const most = k.partialValue?.[0] ?? count;
  if (typeof most === 'number' && (most === 1 || count * most <= MAX_STABLE_COMPARISONS)) return undefined;
  if (count > MAX_ORDERED && isVector(x)) return expandLarge(b, node);
  if (typeof most === 'number' && most * FEW <= count) return expandFew(b, node, count, most);
  if (count > MAX_ORDERED) return take(b, node, k);
  // All elements are sorted, because the k-th may equal some after it with a lower index.
  const sorted = sortAll(b, node, count);
  return most === count ? sorted : firstOf(b, sorted, k);
});

/**
 * Selects the k elements first, of several rows at once. Keys tell which these are: elements above the k-th, and then those
 * equal to it, the first ones of both.
 */
function expandFew(b: Builder, node: TopKNode, count: number, most: number): Sorted {
  const [x, k] = node.inputs as readonly [Value, Value];
  const axis = x.shape.length - 1;
  const [values] = take(b, node, k);
  const lowest = slice(b, values, b.i64(most - 1), b.i64(most));
  const falling = (first: number): Value =>
    b.add(
      Range,
      [first, first - count, -1].map(each => b.scalar('i32', each)),
      { output_type: 'i32' },
    );
  const notBelow = b.add(Select, [b.add(Greater, [x, lowest]), falling(2 * count), falling(count)]);
  const keys = b.add(Select, [b.add(Less, [x, lowest]), b.scalar('i32', 0), notBelow]);
  const positions = b.addAll(TopK, [keys, k], { axis, mode: 'max' })[1]!;
  const candidates = b.add(GatherElements, [x, positions], { axis });
  const [best, order] = sortAll(b, { ...node, inputs: [candidates, k] }, most);
  return [best, b.add(GatherElements, [positions, order], { axis })];
}

/** Sorts all elements of rows, and restores the order of equal ones. */
function sortAll(b: Builder, node: TopKNode, count: number): Sorted {
  if (count * count <= MAX_STABLE_COMPARISONS) return take(b, node, b.scalar('i32', count), true);
  const [values, indices] = take(b, node, b.scalar('i32', count));
  const base = groupsOf(b, values, b.scalar('i32', count));
  return [values, b.add(Subtract, [ascending(b, b.add(Add, [base, indices])), base])];
}

const isVector = ({ shape }: Value): boolean => shape.slice(0, -1).every(size => size === 1);

/** Finds the elements that are not below the k-th, NaN included, and sorts these. */
function expandLarge(b: Builder, node: TopKNode): Sorted {
  const x = reshape(b, node.inputs[0]!, -1);
  const k = node.inputs[1]!;
  const flat = { ...node, attrs: { ...node.attrs, axis: 0 }, inputs: [x, k] };
  const [values] = take(b, flat, k);
  const lowest = slice(b, values, b.i64(-1), b.i64(FAR));
  const positions = convert(b, squeeze(b, b.add(NonZero, [b.add(LogicalNot, [b.add(Less, [x, lowest])])]), 0), 'i32');
  const candidates = b.add(Gather, [x, positions, b.scalar('i64', 0)]);
  const [best, order] = expandDynamic(b, { ...flat, inputs: [candidates, k] });
  const shaped = (value: Value): Value =>
    reshape(b, value, ...node.outputs[0]!.shape.map(size => (typeof size === 'number' ? size : -1)));
  return [shaped(best), shaped(b.add(Gather, [positions, order, b.scalar('i64', 0)]))];
}

function expandDynamic(b: Builder, node: TopKNode): Sorted {
  const k = node.inputs[1]!;
  const size = sizeOf(b, node.inputs[0]!);
  const canOrder = b.add(LessEqual, [size, b.scalar('i32', MAX_ORDERED)]);
  const [values, indices] = take(b, node, b.add(Select, [canOrder, size, convert(b, k, 'i32')]));
  const unordered = b.add(Range, [b.scalar('i32', 0), sizeOf(b, values), b.scalar('i32', 1)], {
    output_type: 'i32',
  });
  const base = groupsOf(b, values, size);
  const keys = b.add(Select, [canOrder, b.add(Add, [base, indices]), unordered]);
  const inOrder = b.add(Subtract, [ascending(b, keys), base]);
  const [first, firstIndices] = firstOf(b, [values, b.add(Select, [canOrder, inOrder, indices])], k);
  return [withSizes(b, first, node), withSizes(b, firstIndices, node)];
}

/** Keeps the known number of results, which a slice of an unknown number of elements loses. */
function withSizes(b: Builder, value: Value, node: TopKNode): Value {
  const { shape } = node.outputs[0]!;
  // Next to a size of 0, -1 would be 0.
  const isOpen = shape.filter(size => typeof size !== 'number').length > 1 || !(Number(shape.at(-1)) > 0);
  return isOpen ? value : reshape(b, value, ...shape.map(size => (typeof size === 'number' ? size : -1)));
}

function take(b: Builder, node: TopKNode, k: Value, stable = false): Sorted {
  const [values, indices] = b.rebuild({ ...node, attrs: { ...node.attrs, stable } }, [node.inputs[0]!, k]);
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

const sizeOf = (b: Builder, x: Value): Value => sizeAlong(b, x, x.shape.length - 1, 'i32');

export const expandStableTopK = pass(
  'expand-stable-top-k',
  'replaces large stable sorts, which are slow in OpenVINO, with unstable ones that restore the order of equal elements',
  [expandStable],
);
