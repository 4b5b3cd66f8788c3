import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Divide, Floor, Maximum, Minimum, Multiply, Round, Subtract } from '../../ov/ops/arithmetic.ts';
import { FakeQuantize } from '../../ov/ops/quantization.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';
import { quantizeAndDequantize } from './support/quantize-and-dequantize.ts';
import { dequantize, quantize } from './support/quantize.ts';

/**
 * Rounds to the levels of a quantized model. TensorFlow first shifts the range so that 0 is a level: the formula is
 * `Nudge` of its FakeQuantWithMinMaxVars kernel.
 */
function fakeQuant(op: TfOp, b: Builder, min: Value, max: Value): Value {
  const x = op.input(0);
  const number = (value: number): Value => b.scalar('f32', value);
  // TensorFlow's result for a range that was never observed.
  if (isZero(min) && isZero(max)) return b.add(Multiply, [x, number(0)]);
  const lowest = op.bool('narrow_range', false) ? 1 : 0;
  const highest = 2 ** op.int('num_bits', 8) - 1;
  const scale = b.add(Divide, [b.add(Subtract, [max, min]), number(highest - lowest)]);
  const zero = b.add(Subtract, [number(lowest), b.add(Divide, [min, scale])]);
  const rounded = b.add(Round, [zero], { mode: 'half_away_from_zero' });
  const nudged = b.add(Minimum, [b.add(Maximum, [rounded, number(lowest)]), number(highest)]);
  const edge = (level: number): Value => b.add(Multiply, [b.add(Subtract, [number(level), nudged]), scale]);
  const low = edge(lowest);
  const high = edge(highest);
  const isSupported = highest < 256 && (min.shape.length === 0 || x.node.constant !== undefined);
  if (isSupported) return b.add(FakeQuantize, [x, low, high, low, high], { levels: highest - lowest + 1 });
  // OpenVINO devices reject per-channel ranges of inputs, and skip FakeQuantize with more than 256 levels.
  const inside = b.add(Subtract, [b.add(Minimum, [b.add(Maximum, [x, low]), high]), low]);
  const level = b.add(Floor, [b.add(Add, [b.add(Divide, [inside, scale]), number(0.5)])]);
  return b.add(Add, [b.add(Multiply, [level, scale]), low]);
}

const isZero = ({ node }: Value): boolean => node.constant?.data.every(value => Number(value) === 0) === true;

export const quantization: Translators = {
  Dequantize: dequantize,
  QuantizeV2: quantize,
  QuantizeAndDequantizeV2: quantizeAndDequantize,
  QuantizeAndDequantizeV3: quantizeAndDequantize,
  QuantizeAndDequantizeV4: quantizeAndDequantize,
  FakeQuantWithMinMaxArgs: (op, b) =>
    fakeQuant(op, b, b.scalar('f32', op.float('min', -6)), b.scalar('f32', op.float('max', 6))),
  FakeQuantWithMinMaxVars: (op, b) => fakeQuant(op, b, op.input(1), op.input(2)),
  FakeQuantWithMinMaxVarsPerChannel: (op, b) => fakeQuant(op, b, op.input(1), op.input(2)),
};
