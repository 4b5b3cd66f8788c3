import { bitsOf, isInteger } from '../../tensor/element-type.ts';
import { numbersOf, sizeOf } from '../../tensor/tensor.ts';
import { boundsOf } from '../bounds.ts';
import type { Builder } from '../builder.ts';
import { constantOf, is, type Value } from '../graph.ts';
import { Add, Divide, FloorMod, Mod, Multiply, Subtract } from '../ops/arithmetic.ts';
import { Greater, Less } from '../ops/comparison.ts';
import { LogicalAnd } from '../ops/logical.ts';
import { ShapeOf } from '../ops/shape.ts';
import { constantLike, convert } from '../shorthand.ts';
import { MOST_STEPS, rule } from './rule.ts';

/** Elements of constant divisors that are looked at. */
const SMALL = 1 << 12;

/** Remainders are less than the divisor, plus the error of a quotient in f32 times the divisor: they fit into 24 bits. */
const LARGEST_DIVISOR = 1 << 23;

/**
 * Divide(x, y)  ->  q + (x - q * y) / y, where q = Divide(x, y). If x may exceed 24 bits, and y is a constant: OpenVINO's CPU
 * plugin divides integers in f32, but multiplies and adds them exactly. Likewise for Mod and FloorMod.
 */
export const divideLarge = rule(
  'divide-large',
  'quotients of large integers made exact',
  [Divide, Mod, FloorMod],
  (node, { b }) => {
    const [x, y] = node.inputs as readonly [Value, Value];
    if (!isInteger(x.type) || bitsOf(x.type) < 32) return undefined;
    if (!areDivisors(y, divisor => divisor > 0 && divisor <= LARGEST_DIVISOR)) return undefined;
    if (is(node, Divide) && node.attrs.m_pythondiv) return undefined;
    if (boundsOf(x) !== undefined || (x.partialValue !== undefined && followsFromSizes(x))) return undefined;
    const { quotient, remainder } = floored(b, x, y);
    if (is(node, FloorMod)) return [remainder];
    const zero = constantLike(b, x, 0);
    const isBelow = b.add(LogicalAnd, [b.add(Less, [x, zero]), b.add(Greater, [remainder, zero])]);
    const one = convert(b, isBelow, x.type);
    return [is(node, Mod) ? b.add(Subtract, [remainder, b.add(Multiply, [one, y])]) : b.add(Add, [quotient, one])];
  },
);

/** Whether a value is computed from sizes and constants alone. Sizes are smaller, and OpenVINO's shape inference follows them. */
function followsFromSizes(value: Value): boolean {
  const values = new Set([value]);
  for (const { node } of values) {
    if (is(node, ShapeOf) || constantOf(node.outputs[0]!) !== undefined) continue;
    if (node.inputs.length === 0 || node.bodies.length > 0 || values.size > MOST_STEPS) return false;
    for (const input of node.inputs) values.add(input);
  }
  return true;
}

/** Whether a divisor is a constant, not too large to look at, all of whose elements fulfil a condition. */
export function areDivisors(y: Value, fits: (divisor: number) => boolean): boolean {
  const constant = constantOf(y);
  if (constant === undefined || bitsOf(constant.type) < 8 || sizeOf(constant.shape) > SMALL) return false;
  return Array.from(numbersOf(constant)).every(fits);
}

/** The quotient, rounded towards minus infinity, and the remainder, which is not negative. */
function floored(b: Builder, x: Value, y: Value): { readonly quotient: Value; readonly remainder: Value } {
  const divided = (dividend: Value): readonly [quotient: Value, rest: Value] => {
    const quotient = b.add(Divide, [dividend, y], { m_pythondiv: false });
    return [quotient, b.add(Subtract, [dividend, b.add(Multiply, [quotient, y])])];
  };
  const [about, error] = divided(x);
  const [correction, rest] = divided(error);
  const isNegative = convert(b, b.add(Less, [rest, constantLike(b, rest, 0)]), x.type);
  return {
    quotient: b.add(Subtract, [b.add(Add, [about, correction]), isNegative]),
    remainder: b.add(Add, [rest, b.add(Multiply, [isNegative, y])]),
  };
}
