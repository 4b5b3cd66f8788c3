import { isInteger, isReal } from '../../tensor/element-type.ts';
import type { Builder } from '../builder.ts';
import { is, type Node, type Value } from '../graph.ts';
import { Ceiling, Divide, Floor, FloorMod, Mod, Negative, Round, Subtract } from '../ops/arithmetic.ts';
import { Equal } from '../ops/comparison.ts';
import { Select } from '../ops/condition.ts';
import { Gather } from '../ops/gather.ts';
import { Split, Transpose, VariadicSplit } from '../ops/movement.ts';
import { Reshape, Squeeze, Unsqueeze } from '../ops/shape.ts';
import { Slice, StridedSlice } from '../ops/slice.ts';
import { Convert } from '../ops/type.ts';
import { areDivisors, divideLarge } from './divide-large.ts';
import { pass } from './pass.ts';
import { rule } from './rule.ts';

/** Ops that may lie between a division and its rounding. */
const MOVES = [Reshape, Squeeze, Unsqueeze, Transpose, Gather, Split, VariadicSplit, Slice, StridedSlice];

const isMove = (node: Node): boolean =>
  MOVES.some(op => is(node, op)) || (is(node, Convert) && isReal(node.attrs.destination_type));

type Remainder = (b: Builder, x: Value, y: Value) => Value;

/** The part of x that rounding x / y to a whole number leaves. */
const remainderOf = (node: Node): Remainder | undefined => {
  if (is(node, Floor)) return (b, x, y) => b.add(FloorMod, [x, y]);
  if (is(node, Ceiling)) return (b, x, y) => b.add(Negative, [b.add(FloorMod, [b.add(Negative, [x]), y])]);
  if (is(node, Convert) && isInteger(node.attrs.destination_type)) return (b, x, y) => b.add(Mod, [x, y]);
  return undefined;
};

/** Whether the reciprocal of a divisor is exact. */
const isPowerOfTwo = (y: Value): boolean => areDivisors(y, divisor => Number.isInteger(Math.log2(Math.abs(divisor))));

/** A moved quotient, rounded to a whole number: without the remainder, a quotient is close to one. */
function wholeQuotient(b: Builder, value: Value, remainder: Remainder): Value | undefined {
  const { node, index } = value;
  if (isMove(node) && isReal(node.inputs[0]!.type)) {
    const whole = wholeQuotient(b, node.inputs[0]!, remainder);
    return whole && b.rebuild(node, [whole, ...node.inputs.slice(1)])[index];
  }
  if (!is(node, Divide) || !isReal(value.type)) return undefined;
  const [x, y] = node.inputs as readonly [Value, Value];
  if (isPowerOfTwo(y)) return undefined;
  const whole = b.add(Round, [b.rebuild(node, [b.add(Subtract, [x, remainder(b, x, y)]), y])[0]!]);
  // There is no remainder of an infinite x, or for a y that is 0 or infinite; these quotients are infinite or 0.
  return b.add(Select, [b.add(Equal, [whole, whole]), whole, value]);
}

/**
 * Floor(x / y)  ->  Round((x - FloorMod(x, y)) / y). Likewise for Ceiling and Convert to integers, also of a part of the
 * quotients. OpenVINO's CPU plugin multiplies by 1 / y, which may miss a whole quotient; its remainders are exact.
 */
const roundQuotient = rule('round-quotient', 'quotients rounded exactly', [Floor, Ceiling, Convert], (node, { b }) => {
  const remainder = remainderOf(node);
  const whole = remainder && wholeQuotient(b, node.inputs[0]!, remainder);
  if (whole === undefined) return undefined;
  return is(node, Convert) ? b.rebuild(node, [whole]) : [whole];
});

export const roundExactly = pass('round-exactly', 'makes quotients exact that are rounded next, or are integers', [
  roundQuotient,
  divideLarge,
]);
