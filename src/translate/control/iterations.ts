import { is, type Value } from '../../ov/graph.ts';
import { Add } from '../../ov/ops/arithmetic.ts';
import { Less } from '../../ov/ops/comparison.ts';
import { LogicalAnd } from '../../ov/ops/logical.ts';
import { Convert } from '../../ov/ops/type.ts';
import { dimEquals } from '../../tensor/dim.ts';
import { isList } from '../operand.ts';
import type { LoopBody, Plan } from './loop-body.ts';

/** Whether a value of the body is the number of the running turn: a variable that starts at 0 and grows by 1. */
export function isIterationNumber(value: Value, plans: readonly Plan[], body: LoopBody): boolean {
  const index = is(value.node, Convert) ? value.node.inputs[0]! : value;
  const i = body.parameters.indexOf(index);
  return i >= 0 && turnNumberAfter(i, plans, body) !== undefined;
}

/** The value behind a variable after a turn, if the variable counts the turns. */
function turnNumberAfter(i: number, plans: readonly Plan[], { parameters, results }: LoopBody): Value | undefined {
  const [plan, parameter, result] = [plans[i]!, parameters[i]!, results[i]!];
  if (plan.kind !== 'tensor' || isList(parameter) || isList(result)) return undefined;
  if (plan.start.partialValue?.[0] !== 0 || !is(result.node, Add)) return undefined;
  const [x, y] = [result.node.inputs[0]!, result.node.inputs[1]!];
  const counts = (x === parameter && isOne(y)) || (y === parameter && isOne(x));
  return counts ? result : undefined;
}

const isOne = ({ partialValue: contents }: Value): boolean => contents?.[0] === 1;

/** The number of turns, outside of the loop, if all that the loop does to end is to count up to it. */
export function iterationsOf(plans: readonly Plan[], body: LoopBody): Value | undefined {
  const numbers = plans.map((_, i) => turnNumberAfter(i, plans, body)).filter(number => number !== undefined);
  const bounds = conjuncts(body.condition).map(({ node }) => {
    if (!is(node, Less) || !numbers.includes(node.inputs[0]!)) return undefined;
    return outsideOf(node.inputs[1]!, plans, body);
  });
  const first = bounds[0];
  return first !== undefined && bounds.every(bound => bound !== undefined && sameNumber(bound, first))
    ? first
    : undefined;
}

const conjuncts = (condition: Value): readonly Value[] =>
  is(condition.node, LogicalAnd) ? condition.node.inputs.flatMap(conjuncts) : [condition];

/** What a value of the body is outside of the loop, if it is the same in all turns. */
function outsideOf(value: Value, plans: readonly Plan[], { parameters, results }: LoopBody): Value | undefined {
  if (value.node.constant !== undefined) return value;
  const i = parameters.indexOf(value);
  const plan = plans[i];
  return plan?.kind === 'tensor' && results[i] === value ? plan.start : undefined;
}

const sameNumber = (a: Value, b: Value): boolean => {
  const [x, y] = [a.partialValue?.[0], b.partialValue?.[0]];
  return a === b || (x !== undefined && y !== undefined && dimEquals(x, y));
};
