import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Divide, Maximum, Multiply, Sqrt, SquaredDifference, Subtract } from '../../ov/ops/arithmetic.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { LRN } from '../../ov/ops/normalization.ts';
import { ReduceMean, ReduceProd } from '../../ov/ops/reduction.ts';
import { Reshape, ShapeOf } from '../../ov/ops/shape.ts';
import { checkRankOf } from '../../ov/ops/support/infer.ts';
import { constantLike, convert, reshape } from '../../ov/shorthand.ts';
import { isChannelsLast, withChannelsFirst } from '../channel-order.ts';
import { knownDim } from '../known-dim.ts';
import type { Translators, Translator } from '../translator.ts';

/**
 * Batch normalization with stored statistics, (x - mean) * scale / sqrt(variance + epsilon) + offset, as one product and
 * one sum per channel, which the pass fold-scales folds into preceding weights.
 */
export function batchNormalization(
  b: Builder,
  x: Value,
  [scale, offset, mean, variance]: readonly Value[],
  epsilon: number,
  format: string,
): Value {
  checkRankOf('the input of a batch normalization', x, 2, Infinity);
  const factor = b.add(Divide, [scale!, b.add(Sqrt, [b.add(Add, [variance!, b.scalar(variance!.type, epsilon)])])]);
  const shift = b.add(Subtract, [offset!, b.add(Multiply, [mean!, factor])]);
  const along = (vector: Value): Value => {
    const ones = new Array<number>(x.shape.length - 2).fill(1);
    const typed = convert(b, vector, x.type);
    return isChannelsLast(format) ? typed : reshape(b, typed, -1, ...ones);
  };
  return b.add(Add, [b.add(Multiply, [x, along(factor)]), along(shift)]);
}

function batchStatistics(b: Builder, x: Value, format: string): readonly [mean: Value, variance: Value, count: Value] {
  const channel = isChannelsLast(format) ? x.shape.length - 1 : 1;
  const axes = b.i64(...x.shape.map((_, axis) => axis).filter(axis => axis !== channel));
  const mean = b.add(ReduceMean, [x, axes], { keep_dims: true });
  const variance = b.add(ReduceMean, [b.add(SquaredDifference, [x, mean]), axes]);
  const sizes = b.add(Gather, [b.add(ShapeOf, [x]), axes, b.scalar('i64', 0)]);
  return [b.add(Reshape, [mean, b.i64(-1)]), variance, convert(b, b.add(ReduceProd, [sizes, b.i64(0)]), x.type)];
}

const fusedBatchNorm: Translator = (op, b) => {
  const [x, scale, offset, mean, variance] = op.inputs as readonly [Value, Value, Value, Value, Value];
  const epsilon = op.float('epsilon', 1e-4);
  const format = op.string('data_format', 'NHWC');
  if (!op.bool('is_training', true)) {
    const y = batchNormalization(b, x, [scale, offset, mean, variance], epsilon, format);
    // The other outputs are for training; in inference they are the stored statistics.
    return [y, mean, variance, mean, variance, mean];
  }
  const [batchMean, batchVariance, count] = batchStatistics(b, convert(b, x, 'f32'), format);
  const y = batchNormalization(b, x, [scale, offset, batchMean, batchVariance], epsilon, format);
  const one = b.scalar('f32', 1);
  const rest = b.add(Maximum, [b.add(Subtract, [count, one]), one]);
  const unbiased = b.add(Multiply, [batchVariance, b.add(Divide, [count, rest])]);
  const factor = op.float('exponential_avg_factor', 1);
  const averaged = (old: Value, current: Value): Value => {
    if (factor === 1) return current;
    const kept = b.add(Multiply, [old, b.scalar('f32', 1 - factor)]);
    return b.add(Add, [kept, b.add(Multiply, [current, b.scalar('f32', factor)])]);
  };
  return [y, averaged(mean, batchMean), averaged(variance, unbiased), batchMean, batchVariance, batchMean];
};

export const normalization: Translators = {
  FusedBatchNorm: fusedBatchNorm,
  FusedBatchNormV2: fusedBatchNorm,
  FusedBatchNormV3: fusedBatchNorm,
  LRN: (op, b) => {
    knownDim(op.input(0).shape[3], 'the number of channels of LRN');
    const size = 2 * op.int('depth_radius', 5) + 1;
    // OpenVINO divides alpha by the window size.
    const alpha = op.float('alpha', 1) * size;
    const beta = op.float('beta', 0.5);
    const bias = op.float('bias', 1);
    const normalized = (attrs: { readonly alpha: number; readonly bias: number }): Value =>
      withChannelsFirst(b, op.input(0), 'NHWC', x => b.add(LRN, [x, b.i64(1)], { ...attrs, beta, size }));
    // OpenVINO's CPU plugin cuts the fraction of the bias: (bias + s)^beta = bias^beta * (1 + s / bias)^beta.
    if (Number.isInteger(bias)) return normalized({ alpha, bias });
    const scaled = normalized({ alpha: alpha / bias, bias: 1 });
    return b.add(Multiply, [scaled, constantLike(b, scaled, bias ** -beta)]);
  },
};
