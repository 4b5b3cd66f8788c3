import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Abs, Add, Divide, Maximum, Minimum, Multiply, Round, Subtract } from '../../../ov/ops/arithmetic.ts';
import { Equal, Greater } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { convert, reshape } from '../../../ov/shorthand.ts';
import { normalizeAxis } from '../../../tensor/axis.ts';
import { bitsOf, LARGEST_REAL, type ElementType, isInteger, isSigned } from '../../../tensor/element-type.ts';
import type { TfOp } from '../../tf-op.ts';

/**
 * Quantize and Dequantize map a range of reals to the integers of a type, in one of three modes. The formulas are those of
 * TensorFlow's kernels, in their order, in f32.
 */

interface Levels {
  readonly lowest: number;
  readonly highest: number;
}

const MODES = ['MIN_COMBINED', 'MIN_FIRST', 'SCALED'] as const;
type Mode = (typeof MODES)[number];

/** @throws DecantError `malformed` if the type is not that of integers */
function levelsOf(op: TfOp, type: ElementType): Levels {
  if (!isInteger(type)) throw new DecantError('malformed', `${op.type} needs a quantized type, not ${type}`);
  const bits = bitsOf(type);
  return isSigned(type)
    ? { lowest: -(2 ** (bits - 1)), highest: 2 ** (bits - 1) - 1 }
    : { lowest: 0, highest: 2 ** bits - 1 };
}

function modeOf(op: TfOp): Mode {
  const name = op.string('mode', 'MIN_COMBINED');
  const mode = MODES.find(each => each === name);
  if (mode === undefined) throw new DecantError('malformed', `${op.type} has mode '${name}', not ${MODES.join(', ')}`);
  return mode;
}

/** Returns a range with one element per position of `axis`, or per tensor, so that it broadcasts to `x`. */
function along(op: TfOp, b: Builder, x: Value, range: Value): Value {
  const axis = op.int('axis', -1);
  if (axis === -1) return reshape(b, range);
  return reshape(b, range, ...x.shape.map((_, i) => (i === normalizeAxis(axis, x.shape.length) ? -1 : 1)));
}

/** Translates `Dequantize`. Inputs: integers, and the reals that stand for the lowest and the highest integer. */
export function dequantize(op: TfOp, b: Builder): Value {
  const x = op.input(0);
  const { lowest, highest } = levelsOf(op, x.type);
  const number = (value: number): Value => b.scalar('f32', value);
  const level = convert(b, x, 'f32');
  const min = along(op, b, x, op.input(1));
  const max = along(op, b, x, op.input(2));
  const span = b.add(Subtract, [max, min]);
  const toReals: Readonly<Record<Mode, () => Value>> = {
    MIN_COMBINED: () => {
      const scale = b.add(Divide, [span, number(highest - lowest)]);
      const above = b.add(Add, [level, number(lowest < 0 ? (highest - lowest + 1) / 2 : 0)]);
      return b.add(Add, [b.add(Multiply, [above, scale]), min]);
    },
    MIN_FIRST: () => {
      const scale = b.add(Divide, [span, number(highest - lowest)]);
      const steps = b.add(Round, [b.add(Divide, [min, scale])], { mode: 'half_away_from_zero' });
      const offset = b.add(Subtract, [b.add(Multiply, [steps, scale]), b.add(Multiply, [number(lowest), scale])]);
      const real = b.add(Add, [offset, b.add(Multiply, [level, scale])]);
      return b.add(Select, [b.add(Equal, [min, max]), min, real]);
    },
    SCALED: () => {
      const first = lowest + (op.bool('narrow_range', false) ? 1 : 0);
      const perPositive = b.add(Divide, [max, number(highest)]);
      const scale = first === 0 ? perPositive : b.add(Maximum, [b.add(Divide, [min, number(first)]), perPositive]);
      return b.add(Multiply, [level, scale]);
    },
  };
  return convert(b, toReals[modeOf(op)](), op.elementType('dtype', 'DT_FLOAT'));
}

/** Translates `QuantizeV2`. Inputs: reals, lowest, highest; outputs: integers, and the range that they stand for. */
export function quantize(op: TfOp, b: Builder): readonly Value[] {
  const x = op.input(0);
  const type = op.elementType('T');
  const { lowest, highest } = levelsOf(op, type);
  const number = (value: number): Value => b.scalar('f32', value);
  const away = (value: Value): Value => b.add(Round, [value], { mode: 'half_away_from_zero' });
  const [low, high] = [op.input(1), op.input(2)];
  const ends = b.add(Maximum, [number(1), b.add(Maximum, [b.add(Abs, [low]), b.add(Abs, [high])])]);
  const apart = b.add(Multiply, [ends, number(op.float('ensure_minimum_range', 0.01))]);
  let min = b.add(Minimum, [number(0), low]);
  let max = b.add(Maximum, [number(0), b.add(Maximum, [high, b.add(Add, [min, apart])])]);
  const inside = (value: Value): Value =>
    b.add(Maximum, [b.add(Minimum, [value, along(op, b, x, max)]), along(op, b, x, min)]);
  const toLevels: Readonly<Record<Mode, () => Value>> = {
    MIN_COMBINED: () => {
      const scale = b.add(Divide, [number(highest - lowest), b.add(Subtract, [max, min])]);
      const above = b.add(Multiply, [b.add(Subtract, [inside(x), along(op, b, x, min)]), along(op, b, x, scale)]);
      const half = lowest < 0 ? (highest - lowest + 1) / 2 : 0;
      return away(b.add(Subtract, [above, number(half)]));
    },
    MIN_FIRST: () => {
      const scale = b.add(Divide, [number(highest - lowest), b.add(Subtract, [max, min])]);
      const first = b.add(Subtract, [away(b.add(Multiply, [min, scale])), number(lowest)]);
      const level = away(b.add(Multiply, [x, along(op, b, x, scale)]));
      const shifted = b.add(Subtract, [level, along(op, b, x, first)]);
      return b.add(Minimum, [b.add(Maximum, [shifted, number(lowest)]), number(highest)]);
    },
    SCALED: () => {
      const first = number(lowest + (op.bool('narrow_range', false) ? 1 : 0));
      const last = number(highest);
      const perSide = (level: Value, end: Value): Value =>
        b.add(Select, [
          b.add(Greater, [b.add(Multiply, [level, end]), number(0)]),
          b.add(Divide, [level, end]),
          number(LARGEST_REAL.f32),
        ]);
      const scale = b.add(Minimum, [perSide(first, min), perSide(last, max)]);
      min = b.add(Divide, [first, scale]);
      max = b.add(Divide, [last, scale]);
      const level = b.add(Multiply, [inside(x), along(op, b, x, scale)]);
      return op.string('round_mode', 'HALF_AWAY_FROM_ZERO') === 'HALF_TO_EVEN' ? b.add(Round, [level]) : away(level);
    },
  };
  const levels = convert(b, toLevels[modeOf(op)](), type);
  return [levels, min, max];
}
