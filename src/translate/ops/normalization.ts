import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Divide, Multiply, Subtract } from '../../ov/ops/elementwise.ts';
import { LRN } from '../../ov/ops/matmul.ts';
import { Sqrt } from '../../ov/ops/unary.ts';
import { isChannelsLast, withChannelsFirst } from '../layout.ts';
import type { Translator, Translators } from '../translator.ts';
import { convert, reshape } from '../values.ts';

/**
 * Batch normalisation with stored statistics, (x - mean) * scale / sqrt(variance + epsilon) + offset, as one product and
 * one sum along the channels, which a later pass folds into the weights before them.
 */
export function normalization(
  b: Builder,
  x: Value,
  [scale, offset, mean, variance]: readonly Value[],
  epsilon: number,
  format: string,
): Value {
  const factor = b.add(Divide, [scale!, b.add(Sqrt, [b.add(Add, [variance!, b.scalar(variance!.type, epsilon)])])]);
  const shift = b.add(Subtract, [offset!, b.add(Multiply, [mean!, factor])]);
  const along = (vector: Value): Value => {
    const ones = new Array<number>(x.shape.length - 2).fill(1);
    const typed = convert(b, vector, x.type);
    return isChannelsLast(format) ? typed : reshape(b, typed, -1, ...ones);
  };
  return b.add(Add, [b.add(Multiply, [x, along(factor)]), along(shift)]);
}

const fusedBatchNorm: Translator = (op, b) => {
  if (op.bool('is_training', true)) {
    throw new DecantError('unsupported', `${op.type} in training mode`, {
      remedy: 'Export the model for inference: batch normalisation then uses the statistics that training stored.',
    });
  }
  const [x, ...statistics] = op.inputs;
  const y = normalization(b, x!, statistics, op.float('epsilon', 1e-4), op.string('data_format', 'NHWC'));
  // The other outputs exist for training; what reads them in inference reads the statistics.
  const [mean, variance] = [statistics[2]!, statistics[3]!];
  return [y, mean, variance, mean, variance, mean];
};

export const normalizations: Translators = {
  FusedBatchNorm: fusedBatchNorm,
  FusedBatchNormV2: fusedBatchNorm,
  FusedBatchNormV3: fusedBatchNorm,
  LRN: (op, b) => {
    const size = 2 * op.int('depth_radius', 5) + 1;
    // OpenVINO divides alpha by the window's size.
    const attrs = { alpha: op.float('alpha', 1) * size, beta: op.float('beta', 0.5), bias: op.float('bias', 1), size };
    return withChannelsFirst(b, op.input(0), 'NHWC', x => b.add(LRN, [x, b.i64(1)], attrs));
  },
};
