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
import { Reshape, Unsqueeze } from '../../../ov/ops/shape.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { convert } from '../../../ov/shorthand.ts';
import { type Axis, axisOf, type Coordinates, scaleOf } from './resize-axis.ts';

/**
 * Resizing exactly as TensorFlow's kernels do it. OpenVINO's Interpolate divides by a scale where TensorFlow multiplies by
 * its inverse, and over hundreds of pixels the last bit of a coordinate becomes a visible color difference. So the
 * coordinates are computed here, with the same operations in the same order, and the pixels are gathered.
 */

function sourceCoordinates(b: Builder, axis: Axis, coordinates: Coordinates): Value {
  const scale = scaleOf(b, axis, coordinates);
  if (!coordinates.halfPixelCenters) return b.add(Multiply, [axis.positions, scale]);
  const half = b.scalar('f32', 0.5);
  const product = b.add(Multiply, [b.add(Add, [axis.positions, half]), scale]);
  // The Unsqueeze keeps OpenVINO from fusing product and difference into one operation that rounds once.
  return flat(b, b.add(Subtract, [b.add(Unsqueeze, [product, b.i64(1)]), half]));
}

const flat = (b: Builder, positions: Value): Value => b.add(Reshape, [positions, b.i64(-1)]);

const toIndex = (b: Builder, positions: Value): Value => convert(b, positions, 'i32');

const clampToImage = (b: Builder, positions: Value, { size }: Axis): Value => {
  const last = b.add(Subtract, [size, b.scalar('f32', 1)]);
  return b.add(Minimum, [b.add(Maximum, [positions, b.scalar('f32', 0)]), last]);
};

const along = (b: Builder, values: Value, axis: number): Value =>
  b.add(Reshape, [values, b.i64(...[0, 1, 2, 3].map(i => (i === axis ? -1 : 1)))]);

function interpolateAxis(b: Builder, x: Value, at: number, axis: Axis, coordinates: Coordinates): Value {
  const source = sourceCoordinates(b, axis, coordinates);
  const floor = b.add(Floor, [source]);
  const lower = toIndex(b, clampToImage(b, floor, axis));
  const upper = toIndex(
    b,
    clampToImage(
      b,
      coordinates.halfPixelCenters ? b.add(Ceiling, [source]) : b.add(Add, [floor, b.scalar('f32', 1)]),
      axis,
    ),
  );
  const gather = (indices: Value): Value => b.add(Gather, [x, indices, b.scalar('i64', at)]);
  const first = gather(lower);
  const second = gather(upper);
  const fraction = along(b, b.add(Subtract, [source, floor]), at);
  return b.add(Add, [first, b.add(Multiply, [b.add(Subtract, [second, first]), fraction])]);
}

export function resizeBilinear(b: Builder, x: Value, sizes: Value, coordinates: Coordinates): Value {
  // TensorFlow interpolates along rows first.
  const resizedColumns = interpolateAxis(b, x, 2, axisOf(b, x, 2, sizes, 1), coordinates);
  return interpolateAxis(b, resizedColumns, 1, axisOf(b, x, 1, sizes, 0), coordinates);
}

function nearest(b: Builder, axis: Axis, coordinates: Coordinates): Value {
  const { alignCorners, halfPixelCenters } = coordinates;
  const scale = scaleOf(b, axis, coordinates);
  const position = halfPixelCenters ? b.add(Add, [axis.positions, b.scalar('f32', 0.5)]) : axis.positions;
  const source = b.add(Multiply, [position, scale]);
  const chosen = alignCorners ? b.add(Round, [source], { mode: 'half_away_from_zero' }) : b.add(Floor, [source]);
  return toIndex(b, clampToImage(b, chosen, axis));
}

export function resizeNearest(b: Builder, x: Value, sizes: Value, coordinates: Coordinates): Value {
  const columns = b.add(Gather, [x, nearest(b, axisOf(b, x, 2, sizes, 1), coordinates), b.scalar('i64', 2)]);
  return b.add(Gather, [columns, nearest(b, axisOf(b, x, 1, sizes, 0), coordinates), b.scalar('i64', 1)]);
}

/** Resolution of TensorFlow's table of cubic weights: entries per pixel. */
const TABLE_SIZE = 1024;

/**
 * Cubic weights of the pixels -1, 0, 1 and 2 for a coordinate `t` in 0..1. TensorFlow evaluates the polynomials in doubles;
 * factored into products they are as precise in f32.
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

/** Weights the four pixels around each coordinate. Pixels beyond the edge repeat it, or have no weight for half-pixel centers. */
function cubicAxis(b: Builder, x: Value, at: number, axis: Axis, coordinates: Coordinates): Value {
  const source = sourceCoordinates(b, axis, coordinates);
  const floor = b.add(Floor, [source]);
  const steps = b.add(Round, [b.add(Multiply, [b.add(Subtract, [source, floor]), b.scalar('f32', TABLE_SIZE)])]);
  const t = b.add(Multiply, [steps, b.scalar('f32', 1 / TABLE_SIZE)]);
  const pixels = [-1, 0, 1, 2].map(i => b.add(Add, [floor, b.scalar('f32', i)]));
  const clamped = pixels.map(pixel => clampToImage(b, pixel, axis));
  const add = (values: readonly Value[]): Value => values.reduce((sum, value) => b.add(Add, [sum, value]));
  let weights = cubicWeights(b, t, coordinates.halfPixelCenters ? -0.5 : -0.75);
  if (coordinates.halfPixelCenters) {
    const zero = b.scalar('f32', 0);
    const inner = weights.map((weight, i) => b.add(Select, [b.add(Equal, [pixels[i]!, clamped[i]!]), weight, zero]));
    const total = add(inner);
    weights = inner.map(weight => b.add(Divide, [weight, total]));
  }
  const terms = clamped.map((pixel, i) => {
    const values = b.add(Gather, [x, toIndex(b, pixel), b.scalar('i64', at)]);
    return b.add(Multiply, [values, along(b, weights[i]!, at)]);
  });
  return add(terms);
}

export function resizeBicubic(b: Builder, x: Value, sizes: Value, coordinates: Coordinates): Value {
  // TensorFlow interpolates along columns first.
  const resizedRows = cubicAxis(b, x, 1, axisOf(b, x, 1, sizes, 0), coordinates);
  return cubicAxis(b, resizedRows, 2, axisOf(b, x, 2, sizes, 1), coordinates);
}
