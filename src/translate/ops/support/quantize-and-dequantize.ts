import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, Divide, Floor, Maximum, Minimum, Multiply, Round } from '../../../ov/ops/arithmetic.ts';
import { Greater, Less } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { ReduceMax, ReduceMin } from '../../../ov/ops/reduction.ts';
import { constantLike, reshape } from '../../../ov/shorthand.ts';
import { normalizeAxis } from '../../../tensor/axis.ts';
import { LARGEST_REAL } from '../../../tensor/element-type.ts';
import type { TfOp } from '../../tf-op.ts';

const ROUND_MODES = ['HALF_TO_EVEN', 'HALF_UP'];

/**
 * Translates `QuantizeAndDequantizeV2` to `V4`: rounds to multiples of a scale, which the range gives, or else the smallest and
 * the largest element. The integers are centered on 0, unlike those of FakeQuantWithMinMaxVars.
 */
export function quantizeAndDequantize(op: TfOp, b: Builder): Value {
  const x = op.input(0);
  const number = (value: number): Value => constantLike(b, x, value);
  const isRangeGiven = op.bool('range_given', op.type === 'QuantizeAndDequantizeV3');
  const [low, high] = isRangeGiven ? givenRange(op, b, x) : computedRange(op, b, x);
  const { lowest, highest } = levelsOf(op);
  const perSide = (level: number, end: Value): Value =>
    b.add(Select, [
      b.add(Greater, [b.add(Multiply, [number(level), end]), number(0)]),
      b.add(Divide, [number(level), end]),
      number(LARGEST_REAL[x.type]!),
    ]);
  const fromLow = perSide(lowest, low);
  const fromHigh = perSide(highest, high);
  const isFromLow = b.add(Less, [fromLow, fromHigh]);
  const scale = b.add(Select, [isFromLow, fromLow, fromHigh]);
  const stepOfHigh = b.add(Divide, [high, number(highest)]);
  const step = lowest === 0 ? stepOfHigh : b.add(Select, [isFromLow, b.add(Divide, [low, number(lowest)]), stepOfHigh]);
  const min = b.add(Select, [isFromLow, low, b.add(Multiply, [number(lowest), step])]);
  const max = b.add(Select, [isFromLow, b.add(Multiply, [number(highest), step]), high]);
  const inside = isRangeGiven ? b.add(Maximum, [b.add(Minimum, [x, max]), min]) : x;
  return b.add(Multiply, [rounded(op, b, b.add(Multiply, [inside, scale])), step]);
}

function levelsOf(op: TfOp): { readonly lowest: number; readonly highest: number } {
  const bits = op.type === 'QuantizeAndDequantizeV3' ? op.integer(3, 'number of bits') : op.int('num_bits', 8);
  const isSigned = op.bool('signed_input', true);
  if (!(bits >= 1 && bits <= (isSigned ? 62 : 63))) {
    throw new DecantError('malformed', `${op.type} with ${bits} bits is not valid`);
  }
  if (!isSigned) return { lowest: 0, highest: 2 ** bits - 1 };
  return { lowest: -(2 ** (bits - 1)) + (op.bool('narrow_range', false) ? 1 : 0), highest: 2 ** (bits - 1) - 1 };
}

function givenRange(op: TfOp, b: Builder, x: Value): readonly [Value, Value] {
  const axis = op.int('axis', -1);
  const sizes = axis === -1 ? [] : x.shape.map((_, i) => (i === normalizeAxis(axis, x.shape.length) ? -1 : 1));
  return [reshape(b, op.input(1), ...sizes), reshape(b, op.input(2), ...sizes)];
}

function computedRange(op: TfOp, b: Builder, x: Value): readonly [Value, Value] {
  const axis = op.int('axis', -1);
  const others = x.shape.flatMap((_, i) => (axis !== -1 && i === normalizeAxis(axis, x.shape.length) ? [] : [i]));
  const keeping = { keep_dims: axis !== -1 };
  return [b.add(ReduceMin, [x, b.i64(...others)], keeping), b.add(ReduceMax, [x, b.i64(...others)], keeping)];
}

function rounded(op: TfOp, b: Builder, x: Value): Value {
  const mode = op.string('round_mode', 'HALF_TO_EVEN');
  if (!ROUND_MODES.includes(mode)) {
    throw new DecantError('malformed', `${op.type} has round_mode '${mode}', not ${ROUND_MODES.join(' or ')}`);
  }
  return mode === 'HALF_UP' ? b.add(Floor, [b.add(Add, [x, constantLike(b, x, 0.5)])]) : b.add(Round, [x]);
}
