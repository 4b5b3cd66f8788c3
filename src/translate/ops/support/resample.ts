import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Abs, Add, Ceiling, Divide, Floor, Maximum, Minimum, Multiply, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Greater, Less, LessEqual } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { Range } from '../../../ov/ops/generation.ts';
import { LogicalAnd } from '../../../ov/ops/logical.ts';
import { MatMul } from '../../../ov/ops/matrix.ts';
import { ReduceProd, ReduceSum } from '../../../ov/ops/reduction.ts';
import { Reshape, ShapeOf } from '../../../ov/ops/shape.ts';
import { concat, convert, unsqueeze } from '../../../ov/shorthand.ts';
import type { TfOp } from '../../tf-op.ts';
import type { Translator } from '../../translator.ts';
import { KERNELS } from './resample-kernels.ts';
import { type Axis, axisOf, scaleOf } from './resize-axis.ts';

/**
 * Resizing where each output pixel is a weighted sum of many input pixels: a product with a matrix of weights per axis,
 * which is computed in the graph, so that sizes may be dynamic.
 */

/** The weights of an axis [outSize, size]; `pixels` is a row with the positions of the input pixels. */
type WeightsOf = (axis: Axis, pixels: Value, index: 0 | 1) => Value;

function resample(op: TfOp, b: Builder, weightsOf: WeightsOf): Value {
  const x = convert(b, op.input(0), 'f32');
  const matrixOf = (index: 0 | 1): Value => {
    const axis = axisOf(b, x, index + 1, op.input(1), index);
    const pixels = b.add(Range, [b.scalar('f32', 0), axis.size, b.scalar('f32', 1)], { output_type: 'f32' });
    return weightsOf(axis, unsqueeze(b, pixels, 0), index);
  };
  const columns = b.add(MatMul, [matrixOf(1), x]);
  const sizes = b.add(ShapeOf, [columns]);
  const sizesOf = (...axes: readonly number[]): Value => b.add(Gather, [sizes, b.i64(...axes), b.scalar('i64', 0)]);
  const row = b.add(ReduceProd, [sizesOf(2, 3), b.i64(0)], { keep_dims: true });
  const rows = b.add(Reshape, [columns, concat(b, 0, [sizesOf(0, 1), row])]);
  const height = b.add(Gather, [convert(b, op.input(1), 'i64'), b.i64(0), b.scalar('i64', 0)]);
  return b.add(Reshape, [b.add(MatMul, [matrixOf(0), rows]), concat(b, 0, [sizesOf(0), height, sizesOf(2, 3)])]);
}

/** Weights pixels by the share of the output pixel that they cover; the last one continues beyond the edge. */
export const resizeArea: Translator = (op, b) =>
  resample(op, b, (axis, pixels) => {
    const one = b.scalar('f32', 1);
    const scale = areaScaleOf(b, axis, op.bool('align_corners', false));
    const start = b.add(Multiply, [axis.positions, scale]);
    const end = b.add(Multiply, [b.add(Add, [axis.positions, one]), scale]);
    const next = b.add(Add, [pixels, one]);
    const right = b.add(Select, [b.add(Less, [next, axis.size]), next, b.scalar('f32', Infinity)]);
    const last = b.add(Minimum, [right, unsqueeze(b, end, 1)]);
    const covered = b.add(Subtract, [last, b.add(Maximum, [pixels, unsqueeze(b, start, 1)])]);
    return b.add(Divide, [b.add(Maximum, [covered, b.scalar('f32', 0)]), scale]);
  });

function areaScaleOf(b: Builder, axis: Axis, alignCorners: boolean): Value {
  const [whole, aligned] = [false, alignCorners].map(each =>
    scaleOf(b, axis, { alignCorners: each, halfPixelCenters: false }),
  ) as [Value, Value];
  return alignCorners ? b.add(Select, [b.add(Less, [b.scalar('f32', 1), axis.outSize]), aligned, whole]) : whole;
}

/** Sums of weights below this are not normalized. */
const TINY = 1e-35;

/** Follows `ComputeSpansCore` of TensorFlow's kernel. */
export const scaleAndTranslate: Translator = (op, b) => {
  const type = op.string('kernel_type', 'lanczos3');
  const kernel = KERNELS[type];
  if (kernel === undefined) {
    throw new DecantError('unsupported', `kernel '${type}' of ScaleAndTranslate is not supported`, {
      remedy: `Use one of ${Object.keys(KERNELS).join(', ')}.`,
    });
  }
  const antialias = op.bool('antialias', true);
  return resample(op, b, ({ size, positions }, pixels, index) => {
    const zero = b.scalar('f32', 0);
    const half = b.scalar('f32', 0.5);
    const one = b.scalar('f32', 1);
    const element = (input: number): Value =>
      b.add(Gather, [op.input(input), b.scalar('i64', index), b.scalar('i64', 0)]);
    const both = (p: Value, q: Value): Value => b.add(LogicalAnd, [p, q]);
    const inverse = b.add(Divide, [one, element(2)]);
    const stretch = antialias ? b.add(Maximum, [inverse, one]) : one;
    const scaled = b.add(Multiply, [b.add(Add, [positions, half]), inverse]);
    // The Unsqueeze keeps OpenVINO from fusing product and difference into one operation that rounds once.
    const sample = b.add(Subtract, [unsqueeze(b, scaled, 1), b.add(Multiply, [inverse, element(3)])]);
    const reach = b.add(Multiply, [b.scalar('f32', kernel.radius), stretch]);
    const last = b.add(Subtract, [size, one]);
    const inside = (pixel: Value): Value => b.add(Minimum, [b.add(Maximum, [pixel, zero]), last]);
    const from = inside(b.add(Ceiling, [b.add(Subtract, [b.add(Subtract, [sample, reach]), half])]));
    const to = inside(b.add(Floor, [b.add(Subtract, [b.add(Add, [sample, reach]), half])]));
    const isUsed = [
      b.add(LessEqual, [zero, sample]),
      b.add(LessEqual, [sample, size]),
      b.add(LessEqual, [from, pixels]),
      b.add(LessEqual, [pixels, to]),
    ].reduce(both);
    const offset = b.add(Subtract, [b.add(Add, [pixels, half]), sample]);
    const distance = b.add(Multiply, [b.add(Abs, [offset]), b.add(Divide, [one, stretch])]);
    const weights = b.add(Select, [isUsed, kernel.weightAt(b, distance), zero]);
    const total = b.add(ReduceSum, [weights, b.i64(1)], { keep_dims: true });
    const isNormal = b.add(Greater, [b.add(Abs, [total]), b.scalar('f32', TINY)]);
    return b.add(Divide, [weights, b.add(Select, [isNormal, total, one])]);
  });
};
