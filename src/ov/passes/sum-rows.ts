import { isStatic } from '../../tensor/dim.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import type { Builder } from '../builder.ts';
import { is, type Node, type Value } from '../graph.ts';
import { Maximum, Multiply } from '../ops/arithmetic.ts';
import { ROIPooling } from '../ops/detection.ts';
import { Gather } from '../ops/gather.ts';
import { Split, Transpose } from '../ops/movement.ts';
import { AvgPool, MaxPool } from '../ops/pooling.ts';
import { Reshape } from '../ops/shape.ts';
import { EmbeddingBagPackedSum } from '../ops/sparse.ts';
import { orderOf, sameOrder } from '../permutation.ts';
import type { RewriteContext } from '../rewrite.ts';
import { constantLike, reshape } from '../shorthand.ts';
import { plainAxis } from './gather-rules.ts';
import { pass } from './pass.ts';
import { regionSamples, type WeightedRows } from './region-samples.ts';
import { rule } from './rule.ts';

const TO_CHANNELS_FIRST = [0, 3, 1, 2];

/** Positions of a window: more would be many small ops. */
const MOST_POSITIONS = 16;

/** A map [N, C, H, W] whose positions are sums of rows. */
interface RowMap extends WeightedRows {
  readonly taps: number;
  readonly shape: readonly [number, number, number, number];
}

/**
 * AvgPool(Transpose(Gather(table, i) * w))  ->  Transpose(EmbeddingBagPackedSum(table, i', w')). This has no intermediate
 * results. Likewise for the sample points of ROIPooling. OpenVINO's CPU plugin needs a known number of sums.
 */
const averagedRows = rule('averaged-rows', 'averages of rows summed in one op', [AvgPool], (node, context) => {
  const map = gatheredMap(node.inputs[0]!, context) ?? sampledMap(node.inputs[0]!, context);
  const window = map === undefined ? undefined : windowOf(node, map.shape);
  if (map === undefined || window === undefined) return undefined;
  const { b } = context;
  const positions = window.height * window.width;
  const read = (value: Value): Value => {
    const windowed = windows(b, reshape(b, value, ...sizesOf(map), map.taps), window);
    return reshape(b, b.add(Transpose, [windowed, b.i64(1, 2, 0)]), -1, positions * map.taps);
  };
  const weights = b.add(Multiply, [map.weights, constantLike(b, map.weights, 1 / positions)]);
  const sums = b.add(EmbeddingBagPackedSum, [map.table, read(map.indices), read(weights)]);
  return [toMap(b, sums, node.outputs[0]!)];
});

/**
 * MaxPool(Transpose(EmbeddingBagPackedSum))  ->  Transpose(Maximum(EmbeddingBagPackedSum, ...)). If windows do not overlap.
 * There is an EmbeddingBagPackedSum per position of the window, so sums that the pool skips are not computed. Likewise for
 * the sample points of ROIPooling.
 */
const greatestSums = rule('greatest-sums', 'max pools of row sums computed row by row', [MaxPool], (node, context) => {
  const map = summedMap(node.inputs[0]!, context) ?? sampledMap(node.inputs[0]!, context);
  const window = map === undefined ? undefined : windowOf(node, map.shape);
  if (map === undefined || window === undefined) return undefined;
  const overlaps = node.attrs.kernel.some((size, axis) => size > node.attrs.strides[axis]!);
  const positions = window.height * window.width;
  if (overlaps || positions > MOST_POSITIONS) return undefined;
  const { b } = context;
  const { taps } = map;
  const read = (value: Value): readonly Value[] =>
    b
      .addAll(Split, [windows(b, reshape(b, value, ...sizesOf(map), taps), window), b.scalar('i64', 0)], {
        num_splits: positions,
      })
      .map(part => reshape(b, part, -1, taps));
  const weights = read(map.weights);
  const sums = read(map.indices).map((indices, i) => b.add(EmbeddingBagPackedSum, [map.table, indices, weights[i]!]));
  return [
    toMap(
      b,
      sums.reduce((a, c) => b.add(Maximum, [a, c])),
      node.outputs[0]!,
    ),
  ];
});

/** Finds Transpose(Reshape(Gather(table, indices) * weights)), where nothing else uses the rows. */
function gatheredMap(value: Value, { uses }: RewriteContext): RowMap | undefined {
  if (uses(value) !== 1) return undefined;
  const product = onlyUse(channelsLast(value), uses);
  if (product === undefined || !is(product.node, Multiply)) return undefined;
  const [n, channels, h, w] = value.shape as RowMap['shape'];
  for (const [rows, weights] of [product.node.inputs, [...product.node.inputs].reverse()]) {
    const gathered = onlyUse(rows, uses);
    if (gathered === undefined || !is(gathered.node, Gather) || plainAxis(gathered.node) !== 0) continue;
    const [table, indices] = gathered.node.inputs as readonly [Value, Value];
    if (table.type !== 'f32' || table.shape.length !== 2 || !isStatic(weights!.shape)) continue;
    // With as many rows as weights, the product is of equal shapes, but for axes of size 1.
    const counts = [sizeOf(gathered.shape as readonly number[]) / channels, sizeOf(weights!.shape)];
    const perRow = lastOf(weights!) === 1 && lastOf(rows!) === channels && lastOf(gathered) === channels;
    if (perRow && counts.every(count => count === n * h * w))
      return { table, indices, weights: weights!, taps: 1, shape: [n, channels, h, w] };
  }
  return undefined;
}

function summedMap(value: Value, { uses }: RewriteContext): RowMap | undefined {
  if (uses(value) !== 1) return undefined;
  const sums = onlyUse(channelsLast(value), uses);
  if (sums === undefined || !is(sums.node, EmbeddingBagPackedSum) || sums.node.inputs.length < 3) return undefined;
  const [table, indices, weights] = sums.node.inputs as readonly [Value, Value, Value];
  const shape = value.shape as RowMap['shape'];
  if (lastOf(sums) !== shape[1] || sums.shape.length !== 2) return undefined;
  return { table, indices, weights, taps: indices.shape[1] as number, shape };
}

/** The map of bilinear ROIPooling. */
function sampledMap(value: Value, { b, uses }: RewriteContext): RowMap | undefined {
  const { node } = value;
  if (uses(value) !== 1 || !isStatic(value.shape) || value.type !== 'f32' || value.shape.includes(0)) return undefined;
  if (!is(node, ROIPooling) || node.attrs.method !== 'bilinear') return undefined;
  return { ...regionSamples(b, node), taps: 4, shape: value.shape as RowMap['shape'] };
}

const lastOf = ({ shape }: Value): unknown => shape[shape.length - 1];

/** The channels-last form of a map of known sizes. */
function channelsLast({ node, shape }: Value): Value | undefined {
  const order = orderOf(node);
  return order !== undefined && sameOrder(order, TO_CHANNELS_FIRST) && isStatic(shape) ? node.inputs[0] : undefined;
}

/** What `value` reshapes, if nothing else uses it. */
function onlyUse(value: Value | undefined, uses: RewriteContext['uses']): Value | undefined {
  if (value === undefined || uses(value) !== 1 || !isStatic(value.shape)) return undefined;
  return is(value.node, Reshape) ? onlyUse(value.node.inputs[0], uses) : value;
}

type Pool = Node<(typeof AvgPool)['attributes']> | Node<(typeof MaxPool)['attributes']>;

/** The rows and columns that windows read, window by window. */
interface Windows {
  readonly height: number;
  readonly width: number;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** The windows of a pool without padding. */
function windowOf({ attrs, outputs }: Pool, [, , h, w]: RowMap['shape']): Windows | undefined {
  const [height, width] = attrs.kernel as readonly [number, number];
  const [rows, columns] = attrs.kernel.map((size, axis) =>
    Array.from({ length: outputs[0]!.shape[axis + 2] as number }, (_, i) =>
      Array.from({ length: size }, (_, k) => i * attrs.strides[axis]! + k),
    ).flat(),
  ) as [number[], number[]];
  const padded = attrs.auto_pad === 'explicit' && [...attrs.pads_begin, ...attrs.pads_end].some(pad => pad !== 0);
  // Windows that would need the padding of SAME do not fit into the map.
  const inside = rows.every(row => row < h) && columns.every(column => column < w);
  return padded || !inside ? undefined : { height, width, rows, columns };
}

const sizesOf = ({ shape: [n, , h, w] }: RowMap): readonly [number, number, number] => [n, h, w];

/** [N, H, W, K] -> [positions of a window, N * windows, K] */
function windows(b: Builder, value: Value, { height, width, rows, columns }: Windows): Value {
  const [n, , , taps] = value.shape as readonly [number, number, number, number];
  const read = pick(b, pick(b, value, 1, rows), 2, columns);
  const split = reshape(b, read, n, rows.length / height, height, columns.length / width, width, taps);
  return reshape(b, b.add(Transpose, [split, b.i64(2, 4, 0, 1, 3, 5)]), height * width, -1, taps);
}

function pick(b: Builder, value: Value, axis: number, positions: readonly number[]): Value {
  const all = positions.length === value.shape[axis] && positions.every((position, i) => position === i);
  return all ? value : b.add(Gather, [value, b.i64(...positions), b.scalar('i64', axis)]);
}

/** Rows [N * H * W, C] as a map of the shape [N, C, H, W] of `like`. */
function toMap(b: Builder, rows: Value, { shape }: Value): Value {
  const [n, channels, h, w] = shape as RowMap['shape'];
  return b.add(Transpose, [reshape(b, rows, n, h, w, channels), b.i64(...TO_CHANNELS_FIRST)]);
}

export const sumRows = pass(
  'sum-rows',
  'computes averages over weighted rows of a table without intermediate results',
  [averagedRows, greatestSums],
);
