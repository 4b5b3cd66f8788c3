import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Abs, Add, Multiply, Negative } from '../../../ov/ops/arithmetic.ts';
import { BitwiseAnd, BitwiseRightShift } from '../../../ov/ops/bitwise.ts';
import { Equal, Less } from '../../../ov/ops/comparison.ts';
import { Bucketize, Select } from '../../../ov/ops/condition.ts';
import { Gather } from '../../../ov/ops/gather.ts';
import { convert } from '../../../ov/shorthand.ts';
import { bitsOf, type ElementType, isInteger, isSigned } from '../../../tensor/element-type.ts';
import { bytesOf, type Tensor, tensorFromBytes, vector } from '../../../tensor/tensor.ts';
import type { Translator } from '../../translator.ts';
import { hasSignBit } from './sign-bit.ts';

/** Bits of the exponent and of the mantissa. */
const LAYOUTS: Partial<Record<ElementType, readonly [exponent: number, mantissa: number]>> = {
  f32: [8, 23],
  f16: [5, 10],
  bf16: [8, 7],
};

/** Tables by biased exponent, from 0 for zero and denormals to `last` for infinity and NaN. */
interface Layout {
  readonly mantissa: number;
  readonly last: number;
  /** Smallest magnitude with each exponent from 1. */
  readonly starts: readonly number[];
  /** Exponent of the weight of the last bit of the mantissa. */
  readonly weights: readonly number[];
}

function layoutOf(type: ElementType): Layout | undefined {
  const bits = LAYOUTS[type];
  if (bits === undefined) return undefined;
  const [exponent, mantissa] = bits;
  const last = 2 ** exponent - 1;
  const bias = 2 ** (exponent - 1) - 1;
  const exponents = Array.from({ length: last }, (_, e) => Math.max(e, 1) - bias);
  return {
    mantissa,
    last,
    starts: [...exponents.slice(1).map(e => 2 ** e), Infinity],
    weights: [...exponents.map(e => e - mantissa), 0],
  };
}

/** x * 2^e for the entry `e` at `index`, in two steps because 2^e may be out of the range of f32. */
function scaled(b: Builder, x: Value, index: Value, exponents: readonly number[]): Value {
  const power = (part: (half: number) => number): Value =>
    at(
      b,
      b.constant(
        vector(
          'f32',
          exponents.map(e => 2 ** part(e / 2)),
        ),
      ),
      index,
    );
  return b.add(Multiply, [b.add(Multiply, [x, power(Math.floor)]), power(Math.ceil)]);
}

const at = (b: Builder, table: Value, index: Value): Value => b.add(Gather, [table, index, b.scalar('i64', 0)]);

/** The bits of a real number as an integer of the same size. All NaN become one. */
function bitsOfReal(b: Builder, given: Value, { mantissa, last, starts, weights }: Layout, type: ElementType): Value {
  const x = convert(b, given, 'f32');
  const magnitude = b.add(Abs, [x]);
  const exponent = b.add(Bucketize, [magnitude, b.constant(vector('f32', starts))], {
    output_type: 'i32',
    with_right_bound: false,
  });
  const significand = convert(
    b,
    scaled(
      b,
      magnitude,
      exponent,
      weights.map(e => -e),
    ),
    'i32',
  );
  const special = b.add(Select, [b.add(Equal, [x, x]), b.scalar('i32', 0), b.scalar('i32', 2 ** (mantissa - 1))]);
  const isFinite = b.add(Less, [exponent, b.scalar('i32', last)]);
  // The leading 1 of the significand adds one to the field of the exponent.
  const fields = weights.map((_, e) => (e === last ? last : Math.max(e - 1, 0)) * 2 ** mantissa);
  const sign = (isSigned(type) ? -1 : 1) * 2 ** (bitsOf(type) - 1);
  const signed = b.constant(vector('i32', [...fields, ...fields.map(field => sign + field)]));
  // A table, because OpenVINO's CPU plugin may select large integers in f32.
  const offset = b.add(Select, [hasSignBit(b, x), b.scalar('i32', fields.length), b.scalar('i32', 0)]);
  const field = at(b, signed, b.add(Add, [exponent, offset]));
  return convert(b, b.add(Add, [field, b.add(Select, [isFinite, significand, special])]), type);
}

/** The real number with the bits of an integer. */
function realOfBits(b: Builder, given: Value, { mantissa, last, weights }: Layout, type: ElementType): Value {
  const bits = convert(b, given, 'i32');
  const and = (mask: number): Value => b.add(BitwiseAnd, [bits, b.scalar('i32', mask)]);
  const number = (value: number): Value => b.scalar('f32', value);
  const shift = b.scalar('i32', mantissa);
  const exponent = b.add(BitwiseRightShift, [and(last * 2 ** mantissa), shift]);
  const fraction = and(2 ** mantissa - 1);
  const leading = weights.map((_, e) => (e === 0 ? 0 : 2 ** mantissa));
  const significand = b.add(Add, [fraction, at(b, b.constant(vector('i32', leading)), exponent)]);
  const special = b.add(Select, [b.add(Equal, [fraction, b.scalar('i32', 0)]), number(Infinity), number(NaN)]);
  const isFinite = b.add(Less, [exponent, b.scalar('i32', last)]);
  const finite = scaled(b, convert(b, significand, 'f32'), exponent, weights);
  const magnitude = b.add(Select, [isFinite, finite, special]);
  const isPositive = b.add(Equal, [and(2 ** (bitsOf(type) - 1)), b.scalar('i32', 0)]);
  return convert(b, b.add(Select, [isPositive, magnitude, b.add(Negative, [magnitude])]), type);
}

/** The integer of the other signedness with the same bits. */
function otherSign(b: Builder, given: Value, type: ElementType): Value {
  const x = convert(b, given, 'i32');
  const range = 2 ** bitsOf(type);
  const half = b.scalar('i32', isSigned(type) ? range / 2 : 0);
  const shifted = b.add(Add, [x, b.scalar('i32', isSigned(type) ? -range : range)]);
  const isBelow = b.add(Less, [x, half]);
  return convert(b, b.add(Select, isSigned(type) ? [isBelow, x, shifted] : [isBelow, shifted, x]), type);
}

/** The same bytes as elements of another type. */
function reinterpreted(constant: Tensor, type: ElementType): Tensor {
  const count = bitsOf(constant.type) / bitsOf(type);
  const shape = count > 1 ? [...constant.shape, count] : constant.shape.slice(0, count < 1 ? -1 : undefined);
  return tensorFromBytes(type, shape, bytesOf(constant));
}

export const bitcast: Translator = (op, b) => {
  const x = op.input(0);
  const type = op.elementType('type');
  const { constant } = x.node;
  if (x.type === type) return x;
  if (constant !== undefined) return b.constant(reinterpreted(constant, type));
  if (bitsOf(x.type) === bitsOf(type) && bitsOf(type) <= 32) {
    const from = layoutOf(x.type);
    const to = layoutOf(type);
    if (from !== undefined && isInteger(type)) return bitsOfReal(b, x, from, type);
    if (to !== undefined && isInteger(x.type)) return realOfBits(b, x, to, type);
    if (from === undefined && to === undefined && bitsOf(type) < 32) return otherSign(b, x, type);
  }
  throw new DecantError('unsupported', `Bitcast from ${x.type} to ${type} is supported for constants only`, {
    remedy: 'Compute the same with Cast and arithmetic, or pass your own translator to convertModel.',
  });
};
