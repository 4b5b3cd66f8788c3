import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Divide, Maximum, Minimum, Multiply, Subtract } from '../../ov/ops/elementwise.ts';
import { FakeQuantize } from '../../ov/ops/feature-maps.ts';
import { Round } from '../../ov/ops/unary.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';

/**
 * Numbers rounded to those that a quantised model has. TensorFlow first moves the range so that 0 is one of them: the
 * formula is that of `Nudge` in its kernel for FakeQuantWithMinMaxVars.
 */
function fakeQuant(op: TfOp, b: Builder, min: Value, max: Value): Value {
  const number = (value: number): Value => b.scalar('f32', value);
  const lowest = op.bool('narrow_range', false) ? 1 : 0;
  const highest = 2 ** op.int('num_bits', 8) - 1;
  const scale = b.add(Divide, [b.add(Subtract, [max, min]), number(highest - lowest)]);
  const zero = b.add(Subtract, [number(lowest), b.add(Divide, [min, scale])]);
  const rounded = b.add(Round, [zero], { mode: 'half_away_from_zero' });
  const nudged = b.add(Minimum, [b.add(Maximum, [rounded, number(lowest)]), number(highest)]);
  const edge = (level: number): Value => b.add(Multiply, [b.add(Subtract, [number(level), nudged]), scale]);
  const [low, high] = [edge(lowest), edge(highest)];
  return b.add(FakeQuantize, [op.input(0), low, high, low, high], { levels: highest - lowest + 1 });
}

export const quantize: Translators = {
  FakeQuantWithMinMaxArgs: (op, b) =>
    fakeQuant(op, b, b.scalar('f32', op.float('min', -6)), b.scalar('f32', op.float('max', 6))),
  FakeQuantWithMinMaxVars: (op, b) => fakeQuant(op, b, op.input(1), op.input(2)),
  /** One range for each channel, which is the last axis. */
  FakeQuantWithMinMaxVarsPerChannel: (op, b) => fakeQuant(op, b, op.input(1), op.input(2)),
};
