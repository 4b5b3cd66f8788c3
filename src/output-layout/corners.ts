import type { BoxUnit } from '../detect/heads/detection-encoding.ts';
import type { BoxFormat } from '../detect/heads/head-description.ts';
import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { Add, Divide, Multiply, Subtract } from '../ov/ops/arithmetic.ts';
import { LessEqual } from '../ov/ops/comparison.ts';
import { Select } from '../ov/ops/condition.ts';
import { Gather } from '../ov/ops/gather.ts';
import { Concat } from '../ov/ops/movement.ts';
import { ReduceMax } from '../ov/ops/reduction.ts';
import { Reshape } from '../ov/ops/shape.ts';
import { vector } from '../tensor/tensor.ts';

/** The columns of x and y, or of two pairs of them, and whether the second is a size, from a corner or around a center. */
const PAIRS: Readonly<Record<BoxFormat, { readonly order: 'xy' | 'yx'; readonly size?: 'corner' | 'center' }>> = {
  xyxy: { order: 'xy' },
  yxyx: { order: 'yx' },
  xywh: { order: 'xy', size: 'corner' },
  yxhw: { order: 'yx', size: 'corner' },
  cxcywh: { order: 'xy', size: 'center' },
  cycxhw: { order: 'yx', size: 'center' },
};

/** Converts boxes `[N, 4]` to xmin, ymin, xmax, ymax, as `boxDecoder` does outside of the graph. */
export function toCorners(b: Builder, boxes: Value, format: BoxFormat): Value {
  const { order, size } = PAIRS[format];
  const pair = (at: number): Value => selectColumns(b, boxes, order === 'xy' ? [at, at + 1] : [at + 1, at]);
  if (size === undefined) return selectColumns(b, boxes, order === 'xy' ? [0, 1, 2, 3] : [1, 0, 3, 2]);
  const half = b.add(Multiply, [pair(2), b.scalar('f32', 0.5)]);
  const [start, end] = size === 'corner' ? [pair(0), pair(2)] : [b.add(Subtract, [pair(0), half]), half];
  return b.add(Concat, [start, b.add(Add, [pair(0), end])], { axis: 1 });
}

/**
 * Converts corners `[N, 4]` to fractions of the model's image.
 *
 * @param info `image_info` as f32 `[1, 4, 2]`, for such units
 * @param size returns height and width of the model's image: f32 `[2]`
 */
export function toFractions(
  b: Builder,
  corners: Value,
  unit: BoxUnit,
  { info, size }: { readonly info: Value | undefined; readonly size: () => Value },
): Value {
  if (unit === 'fractions') return corners;
  if (info !== undefined) return fromResized(b, corners, info);
  const own = unit === 'pixels' || 'info' in unit ? size() : b.constant(vector('f32', [unit.height, unit.width]));
  return b.add(Divide, [corners, edges(b, own)]);
}

function fromResized(b: Builder, corners: Value, info: Value): Value {
  const rows = b.add(Reshape, [info, b.i64(4, 2)]);
  const row = (at: number): Value => edges(b, b.add(Gather, [rows, b.scalar('i64', at), b.scalar('i64', 0)]));
  const original = b.add(Divide, [b.add(Divide, [b.add(Add, [corners, row(3)]), row(2)]), row(0)]);
  const largest = b.add(ReduceMax, [corners, b.i64(0, 1)], { keep_dims: true });
  return b.add(Select, [b.add(LessEqual, [largest, b.scalar('f32', 1)]), corners, original]);
}

/** Repeats y and x `[2]` as x, y, x, y. */
const edges = (b: Builder, pair: Value): Value => b.add(Gather, [pair, b.i64(1, 0, 1, 0), b.scalar('i64', 0)]);

export const selectColumns = (b: Builder, rows: Value, columns: readonly number[]): Value =>
  b.add(Gather, [rows, b.i64(...columns), b.scalar('i64', 1)]);
