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
import { Equal } from '../../../ov/ops/comparison.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { Reshape, ShapeOf, Unsqueeze } from '../../../ov/ops/shape.ts';
import { Range } from '../../../ov/ops/generation.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { convert } from '../../../ov/shorthand.ts';

/**
 * Resizing as TensorFlow's kernels compute it. OpenVINO's Interpolate divides by a scale where TensorFlow multiplies by
 * the other one, and over hundreds of pixels the last bit of a coordinate becomes a visible part of a colour. So the
 * coordinates are computed here, by the same operations in the same order, and the pixels are gathered.
 */

export interface Coordinates {
  /** The corners' pixels stay where they are. */
  readonly alignCorners: boolean;
  /** Pixels are areas with a centre, not points. */
  readonly halfPixelCenters: boolean;
}

/** What stands along one axis: sizes as f32 scalars, and the positions 0, 1, ... of the result as f32 [out]. */
interface Axis {
  readonly size: Value;
  readonly outSize: Value;
  readonly positions: Value;
}

function axisOf(b: Builder, x: Value, axis: number, sizes: Value, index: number): Axis {
  const size = b.add(Gather, [b.add(ShapeOf, [x]), b.scalar('i64', axis), b.scalar('i64', 0)]);
  const outSize = b.add(Gather, [sizes, b.scalar('i64', index), b.scalar('i64', 0)]);
  const positions = b.add(Range, [b.scalar('i64', 0), convert(b, outSize, 'i64'), b.scalar('i64', 1)], {
    output_type: 'f32',
  });
  return { size: convert(b, size, 'f32'), outSize: convert(b, outSize, 'f32'), positions };
}

/**
 * A quotient, rounded once. OpenVINO multiplies by the rounded inverse of a constant divisor; this one never is a
 * constant, because it also looks at the dividend. Both are at least 1.
 */
const quotient = (b: Builder, dividend: Value, divisor: Value): Value =>
  b.add(Divide, [dividend, b.add(Maximum, [divisor, b.add(Minimum, [dividend, b.scalar('f32', 1)])])]);

/** How many pixels of the input one of the result spans. */
function scaleOf(b: Builder, { size, outSize }: Axis, { alignCorners }: Coordinates): Value {
  if (!alignCorners) return quotient(b, size, outSize);
  const one = b.scalar('f32', 1);
  // A result of one pixel has no two corners: TensorFlow then scales as without aligning.
  const spans = b.add(Maximum, [b.add(Subtract, [outSize, one]), one]);
  return quotient(b, b.add(Subtract, [size, one]), spans);
}

/** Where in the input the positions of the result lie. */
function sources(b: Builder, axis: Axis, coordinates: Coordinates): Value {
  const scale = scaleOf(b, axis, coordinates);
  if (!coordinates.halfPixelCenters) return b.add(Multiply, [axis.positions, scale]);
  const half = b.scalar('f32', 0.5);
  const product = b.add(Multiply, [b.add(Add, [axis.positions, half]), scale]);
  // In another shape, so that product and difference are not fused into one operation that rounds once.
  return flat(b, b.add(Subtract, [b.add(Unsqueeze, [product, b.i64(1)]), half]));
}

const flat = (b: Builder, positions: Value): Value => b.add(Reshape, [positions, b.i64(-1)]);

const toIndex = (b: Builder, positions: Value): Value => convert(b, positions, 'i32');

const inside = (b: Builder, positions: Value, { size }: Axis): Value => {
  const last = b.add(Subtract, [size, b.scalar('f32', 1)]);
  return b.add(Minimum, [b.add(Maximum, [positions, b.scalar('f32', 0)]), last]);
};

/** `values` as a vector along one axis of a value of rank 4. */
const along = (b: Builder, values: Value, axis: number): Value =>
  b.add(Reshape, [values, b.i64(...[0, 1, 2, 3].map(i => (i === axis ? -1 : 1)))]);

/** One axis resized: the two pixels around each position, mixed by how far it is from the first. */
function interpolateAxis(b: Builder, x: Value, at: number, axis: Axis, coordinates: Coordinates): Value {
  const source = sources(b, axis, coordinates);
  const floor = b.add(Floor, [source]);
  const lower = toIndex(b, inside(b, floor, axis));
  const upper = toIndex(
    b,
    inside(b, coordinates.halfPixelCenters ? b.add(Ceiling, [source]) : b.add(Add, [floor, b.scalar('f32', 1)]), axis),
  );
  const gather = (indices: Value): Value => b.add(Gather, [x, indices, b.scalar('i64', at)]);
  const [first, second] = [gather(lower), gather(upper)];
  const share = along(b, b.add(Subtract, [source, floor]), at);
  return b.add(Add, [first, b.add(Multiply, [b.add(Subtract, [second, first]), share])]);
}

/** `x` [N, H, W, C] in f32, resized to the two `sizes`. */
export function resizeBilinear(b: Builder, x: Value, sizes: Value, coordinates: Coordinates): Value {
  // Rows last: TensorFlow mixes the pixels of a row before the rows.
  const wide = interpolateAxis(b, x, 2, axisOf(b, x, 2, sizes, 1), coordinates);
  return interpolateAxis(b, wide, 1, axisOf(b, x, 1, sizes, 0), coordinates);
}

function nearest(b: Builder, axis: Axis, coordinates: Coordinates): Value {
  const { alignCorners, halfPixelCenters } = coordinates;
  const scale = scaleOf(b, axis, coordinates);
  const position = halfPixelCenters ? b.add(Add, [axis.positions, b.scalar('f32', 0.5)]) : axis.positions;
  const source = b.add(Multiply, [position, scale]);
  const chosen = alignCorners ? b.add(Round, [source], { mode: 'half_away_from_zero' }) : b.add(Floor, [source]);
  return toIndex(b, inside(b, chosen, axis));
}

/** `x` [N, H, W, C] resized to the two `sizes`, every pixel one of the input's. */
export function resizeNearest(b: Builder, x: Value, sizes: Value, coordinates: Coordinates): Value {
  const columns = b.add(Gather, [x, nearest(b, axisOf(b, x, 2, sizes, 1), coordinates), b.scalar('i64', 2)]);
  return b.add(Gather, [columns, nearest(b, axisOf(b, x, 1, sizes, 0), coordinates), b.scalar('i64', 1)]);
}

/** Positions between two pixels that TensorFlow's table of cubic weights tells apart. */
const STEPS = 1024;

/**
 * The cubic weights of the pixels at -1, 0, 1 and 2 from a position that lies `t` behind pixel 0. TensorFlow evaluates the
 * polynomials in doubles; as products they lose nothing in f32 either.
 */
function cubicWeights(b: Builder, t: Value, a: number): readonly Value[] {
  const number = (value: number): Value => b.scalar('f32', value);
  const times = (...values: readonly Value[]): Value =>
    values.reduce((product, value) => b.add(Multiply, [product, value]));
  const rest = b.add(Subtract, [number(1), t]);
  /** (1 - x) (1 + x - (a + 2) x^2), with y = 1 - x. */
  const near = (x: Value, y: Value): Value =>
    times(y, b.add(Subtract, [b.add(Add, [x, number(1)]), times(number(a + 2), x, x)]));
  const far = (x: Value, y: Value): Value => times(number(a), x, y, y);
  return [far(t, rest), near(t, rest), near(rest, t), far(rest, t)];
}

/** One axis resized: four pixels around each position, weighted. Pixels beyond the edge repeat it, or count for nothing. */
function cubicAxis(b: Builder, x: Value, at: number, axis: Axis, coordinates: Coordinates): Value {
  const source = sources(b, axis, coordinates);
  const floor = b.add(Floor, [source]);
  const steps = b.add(Round, [b.add(Multiply, [b.add(Subtract, [source, floor]), b.scalar('f32', STEPS)])]);
  const t = b.add(Multiply, [steps, b.scalar('f32', 1 / STEPS)]);
  const pixels = [-1, 0, 1, 2].map(i => b.add(Add, [floor, b.scalar('f32', i)]));
  const limited = pixels.map(pixel => inside(b, pixel, axis));
  const add = (values: readonly Value[]): Value => values.reduce((sum, value) => b.add(Add, [sum, value]));
  let weights = cubicWeights(b, t, coordinates.halfPixelCenters ? -0.5 : -0.75);
  if (coordinates.halfPixelCenters) {
    const zero = b.scalar('f32', 0);
    const counting = weights.map((weight, i) => b.add(Select, [b.add(Equal, [pixels[i]!, limited[i]!]), weight, zero]));
    const total = add(counting);
    weights = counting.map(weight => b.add(Divide, [weight, total]));
  }
  const terms = limited.map((pixel, i) => {
    const values = b.add(Gather, [x, toIndex(b, pixel), b.scalar('i64', at)]);
    return b.add(Multiply, [values, along(b, weights[i]!, at)]);
  });
  return add(terms);
}

/** `x` [N, H, W, C] in f32, resized to the two `sizes` with cubic weights. */
export function resizeBicubic(b: Builder, x: Value, sizes: Value, coordinates: Coordinates): Value {
  // Columns last: TensorFlow mixes the pixels of a column before the columns.
  const high = cubicAxis(b, x, 1, axisOf(b, x, 1, sizes, 0), coordinates);
  return cubicAxis(b, high, 2, axisOf(b, x, 2, sizes, 1), coordinates);
}
