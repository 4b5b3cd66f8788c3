import type { Builder } from '../builder.ts';
import type { Node, Value } from '../graph.ts';
import { Add, Divide, Floor, Minimum, Multiply, Subtract } from '../ops/arithmetic.ts';
import { GreaterEqual, LessEqual } from '../ops/comparison.ts';
import { Select } from '../ops/condition.ts';
import type { ROIPooling } from '../ops/detection.ts';
import { LogicalAnd } from '../ops/logical.ts';
import { Transpose } from '../ops/movement.ts';
import { columnOf, concat, convert, reshape, sizeAlong, unsqueeze } from '../shorthand.ts';
import { tensorOf } from '../../tensor/tensor.ts';

/** Sums of weighted rows of a table [R, C]: indices and weights are [sums, taps]. */
export interface WeightedRows {
  readonly table: Value;
  readonly indices: Value;
  readonly weights: Value;
}

/** Columns of a region: image, left, top, right, bottom; relative to the size of the map. */
const IMAGE = 0;
const ROWS = { axis: 2, start: 2, end: 4 };
const COLUMNS = { axis: 3, start: 1, end: 3 };

/** The two positions around each sample point along an axis, and their weights: [regions, points, 2]. */
interface Taps {
  readonly positions: Value;
  readonly weights: Value;
}

/** Returns what bilinear ROIPooling adds up: the four positions around each sample point. Points outside of the map are 0. */
export function regionSamples(b: Builder, { inputs, attrs }: Node<(typeof ROIPooling)['attributes']>): WeightedRows {
  const [x, regions] = inputs as readonly [Value, Value];
  const [images, channels] = x.shape as readonly [unknown, number];
  const rows = tapsAlong(b, x, regions, ROWS, attrs.pooled_h);
  const columns = tapsAlong(b, x, regions, COLUMNS, attrs.pooled_w);
  const onGrid = (ofRows: Value, ofColumns: Value): readonly [Value, Value] => [
    unsqueeze(b, ofRows, 2, 4),
    unsqueeze(b, ofColumns, 1, 3),
  ];
  const width = sizeAlong(b, x, COLUMNS.axis, 'i32');
  const starts = b.add(Multiply, [rows.positions, width]);
  const inMap = b.add(Add, onGrid(starts, columns.positions));
  const size = b.add(Multiply, [sizeAlong(b, x, ROWS.axis, 'i32'), width]);
  const image = unsqueeze(b, convert(b, columnOf(b, regions, IMAGE), 'i32'), 1, 2, 3, 4);
  const indices = images === 1 ? inMap : b.add(Add, [inMap, b.add(Multiply, [image, size])]);
  return {
    table: reshape(b, b.add(Transpose, [x, b.i64(0, 2, 3, 1)]), -1, channels),
    indices: reshape(b, indices, -1, 4),
    weights: reshape(b, b.add(Multiply, onGrid(rows.weights, columns.weights)), -1, 4),
  };
}

function tapsAlong(b: Builder, x: Value, regions: Value, { axis, start, end }: typeof ROWS, count: number): Taps {
  const number = (value: number): Value => b.scalar('f32', value);
  const last = b.add(Subtract, [convert(b, sizeAlong(b, x, axis, 'i32'), 'f32'), number(1)]);
  const [from, to] = [columnOf(b, regions, start), columnOf(b, regions, end)];
  const point = pointsBetween(b, from, to, last, count);
  const isInside = b.add(LogicalAnd, [b.add(GreaterEqual, [point, number(0)]), b.add(LessEqual, [point, last])]);
  const at = b.add(Select, [isInside, point, number(0)]);
  const low = b.add(Floor, [at]);
  const high = b.add(Minimum, [b.add(Add, [low, number(1)]), last]);
  const fraction = b.add(Subtract, [at, low]);
  const shares = concat(b, 2, [b.add(Subtract, [number(1), fraction]), fraction]);
  return {
    positions: convert(b, concat(b, 2, [low, high]), 'i32'),
    weights: b.add(Multiply, [shares, convert(b, isInside, 'f32')]),
  };
}

/**
 * Positions [regions, count, 1] at equal distances, from the first to the last row of a region; or its center. The last one
 * is computed apart, as rounding could move it out of the map.
 */
function pointsBetween(b: Builder, from: Value, to: Value, last: Value, count: number): Value {
  const perRegion = (value: Value): Value => unsqueeze(b, value, 1, 2);
  if (count === 1) {
    const center = b.add(Multiply, [b.add(Add, [from, to]), b.scalar('f32', 0.5)]);
    return perRegion(b.add(Multiply, [center, last]));
  }
  const extent = b.add(Multiply, [b.add(Subtract, [to, from]), last]);
  const distance = perRegion(b.add(Divide, [extent, b.scalar('f32', count - 1)]));
  const first = perRegion(b.add(Multiply, [from, last]));
  const steps = Array.from({ length: count - 1 }, (_, i) => i);
  const offsets = b.add(Multiply, [distance, b.constant(tensorOf('f32', [count - 1, 1], steps))]);
  return concat(b, 1, [b.add(Add, [first, offsets]), perRegion(b.add(Multiply, [to, last]))]);
}
