import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { Divide, Maximum, Minimum, Multiply, Round, Subtract } from '../ov/ops/arithmetic.ts';
import { FakeQuantize } from '../ov/ops/quantization.ts';
import { Convert } from '../ov/ops/type.ts';
import { bitsOf, isSigned } from '../tensor/element-type.ts';
import { tensorOf } from '../tensor/tensor.ts';
import { detectionPostProcess } from './ops/support/detection-post-process.ts';
import type { TfOp } from './tf-op.ts';
import type { Translators } from './translator.ts';

/** Devices skip FakeQuantize with more levels. */
const MAX_LEVELS = 256;

/** (x - zero point) * scale. Constants stay integers, from which OpenVINO runs in 8 bits. */
function dequantize(op: TfOp, b: Builder): Value {
  const x = op.input(0);
  const shape = op.ints('shape');
  const along = (values: readonly number[]): Value =>
    b.constant(tensorOf('f32', values.length === 1 ? [] : shape, values));
  const zeroPoints = op.ints('zero_point');
  const level = b.add(Convert, [x], { destination_type: 'f32', decompression: x.node.constant !== undefined });
  const centered = zeroPoints.every(zero => zero === 0) ? level : b.add(Subtract, [level, along(zeroPoints)]);
  return b.add(Multiply, [centered, along(op.floats('scale'))]);
}

/** Rounds to the reals that the integers of a type stand for. */
function fakeQuantize(op: TfOp, b: Builder): Value {
  const x = op.input(0);
  const [scale] = op.floats('scale');
  const [zeroPoint] = op.ints('zero_point');
  const type = op.elementType('type');
  const levels = 2 ** bitsOf(type);
  const lowest = (isSigned(type) ? -levels / 2 : 0) - zeroPoint!;
  const number = (value: number): Value => b.scalar('f32', value);
  if (levels <= MAX_LEVELS) {
    const low = number(lowest * scale!);
    const high = number((lowest + levels - 1) * scale!);
    return b.add(FakeQuantize, [x, low, high, low, high], { levels });
  }
  const level = b.add(Round, [b.add(Divide, [x, number(scale!)])]);
  const inside = b.add(Minimum, [b.add(Maximum, [level, number(lowest)]), number(lowest + levels - 1)]);
  return b.add(Multiply, [inside, number(scale!)]);
}

/** Ops of TensorFlow Lite that TensorFlow does not have. */
export const lite: Translators = {
  TFLite_Dequantize: dequantize,
  TFLite_Detection_PostProcess: detectionPostProcess,
  TFLite_FakeQuantize: fakeQuantize,
};
