import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import {
  Add,
  Ceiling,
  Divide,
  Floor,
  Maximum,
  Minimum,
  Multiply,
  Round,
  Subtract,
} from '../../../ov/ops/arithmetic.ts';
import { Greater, GreaterEqual, LessEqual } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Gather, GatherND } from '../../../ov/ops/gather.ts';
import { LogicalAnd } from '../../../ov/ops/logical.ts';
import { Broadcast } from '../../../ov/ops/movement.ts';
import { ShapeOf } from '../../../ov/ops/shape.ts';
import { concat, convert, unsqueeze } from '../../../ov/shorthand.ts';
import { countTo } from '../generation.ts';

/** Where one axis of each crop is sampled: positions in the image and whether they are in it, both [R, size]. */
interface Points {
  readonly at: Value;
  readonly isInside: Value;
}

/**
 * Crops an image [N, H, W, C] to boxes [R, 4] of the images `imageOfBox` [R], by reading its pixels. The crop size [2] may
 * be computed.
 */
export function cropPoints(
  b: Builder,
  image: Value,
  boxes: Value,
  imageOfBox: Value,
  size: Value,
  method: 'bilinear' | 'nearest',
  extrapolation: number,
): Value {
  const sizes = convert(b, size, 'i64');
  const rows = pointsAlong(b, image, boxes, sizes, 0);
  const columns = pointsAlong(b, image, boxes, sizes, 1);
  const grid = concat(b, 0, [b.add(ShapeOf, [imageOfBox]), sizes]);
  const pixels = (atRows: Value, atColumns: Value): Value => {
    const parts = [unsqueeze(b, imageOfBox, 1, 2), unsqueeze(b, atRows, 2), unsqueeze(b, atColumns, 1)];
    const coordinates = parts.map(part => unsqueeze(b, b.add(Broadcast, [convert(b, part, 'i32'), grid]), 3));
    return b.add(GatherND, [image, concat(b, 3, coordinates)]);
  };
  const rounded = ({ at }: Points): Value => b.add(Round, [at], { mode: 'half_away_from_zero' });
  const between = (from: Value, to: Value, { at }: Points, axis: number): Value => {
    const share = unsqueeze(b, b.add(Subtract, [at, b.add(Floor, [at])]), axis, 3);
    return b.add(Add, [from, b.add(Multiply, [b.add(Subtract, [to, from]), share])]);
  };
  const interpolated = (): Value => {
    const [top, bottom] = [Floor, Ceiling].map(row => {
      const [left, right] = [Floor, Ceiling].map(column => pixels(b.add(row, [rows.at]), b.add(column, [columns.at])));
      return between(left!, right!, columns, 1);
    });
    return between(top!, bottom!, rows, 2);
  };
  const found = method === 'nearest' ? pixels(rounded(rows), rounded(columns)) : interpolated();
  const isInside = b.add(LogicalAnd, [unsqueeze(b, rows.isInside, 2), unsqueeze(b, columns.isInside, 1)]);
  return b.add(Select, [unsqueeze(b, isInside, 3), found, b.scalar('f32', extrapolation)]);
}

function pointsAlong(b: Builder, image: Value, boxes: Value, sizes: Value, axis: 0 | 1): Points {
  const number = (value: number): Value => b.scalar('f32', value);
  const shape = b.add(ShapeOf, [image], { output_type: 'i32' });
  const sizeOfAxis = b.add(Gather, [shape, b.scalar('i64', axis + 1), b.scalar('i64', 0)]);
  const last = b.add(Subtract, [convert(b, sizeOfAxis, 'f32'), number(1)]);
  const corner = (i: number): Value => b.add(Gather, [boxes, b.i64(i), b.scalar('i64', 1)]);
  const from = corner(axis);
  const to = corner(axis + 2);
  const count = b.add(Gather, [sizes, b.scalar('i64', axis), b.scalar('i64', 0)]);
  const steps = unsqueeze(b, convert(b, countTo(b, count), 'f32'), 0);
  const spans = b.add(Maximum, [b.add(Subtract, [convert(b, count, 'f32'), number(1)]), number(1)]);
  const span = b.add(Multiply, [b.add(Subtract, [to, from]), last]);
  const start = b.add(Multiply, [from, last]);
  const middle = b.add(Multiply, [b.add(Multiply, [b.add(Add, [from, to]), number(0.5)]), last]);
  const spread = b.add(Add, [start, b.add(Multiply, [steps, b.add(Divide, [span, spans])])]);
  const points = b.add(Select, [b.add(Greater, [count, b.scalar('i64', 1)]), spread, middle]);
  const isInside = b.add(LogicalAnd, [b.add(GreaterEqual, [points, number(0)]), b.add(LessEqual, [points, last])]);
  return { at: b.add(Minimum, [b.add(Maximum, [points, number(0)]), last]), isInside };
}
