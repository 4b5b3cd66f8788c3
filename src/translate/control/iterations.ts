import { is, type Value } from '../../ov/graph.ts';
import { Add } from '../../ov/ops/arithmetic.ts';
import { Less } from '../../ov/ops/comparison.ts';
import { LogicalAnd } from '../../ov/ops/logical.ts';
import { Convert } from '../../ov/ops/type.ts';
import { dimEquals } from '../../tensor/dim.ts';
import { isTensor } from '../operand.ts';
import type { LoopBody, LoopVariable } from './loop-body.ts';

export function isIterationNumber(value: Value, variables: readonly LoopVariable[], body: LoopBody): boolean {
  const index = is(value.node, Convert) ? value.node.inputs[0]! : value;
  const i = body.parameters.indexOf(index);
  return i >= 0 && incrementedCounter(i, variables, body) !== undefined;
}

function incrementedCounter(
  i: number,
  variables: readonly LoopVariable[],
  { parameters, results }: LoopBody,
): Value | undefined {
  const variable = variables[i]!;
  const parameter = parameters[i]!;
  const result = results[i]!;
  if (variable.kind !== 'tensor' || !isTensor(parameter) || !isTensor(result)) return undefined;
  if (variable.start.partialValue?.[0] !== 0 || !is(result.node, Add)) return undefined;
  const [x, y] = result.node.inputs;
  const increments = (x === parameter && isOne(y!)) || (y === parameter && isOne(x!));
  return increments ? result : undefined;
}

const isOne = ({ partialValue }: Value): boolean => partialValue?.[0] === 1;

export function iterationsOf(variables: readonly LoopVariable[], body: LoopBody): Value | undefined {
  const counters = variables.map((_, i) => incrementedCounter(i, variables, body)).filter(value => value !== undefined);
  const bounds = conjuncts(body.condition).map(({ node }) => {
    if (!is(node, Less) || !counters.includes(node.inputs[0]!)) return undefined;
    return outsideOf(node.inputs[1]!, variables, body);
  });
  const first = bounds[0];
  return first !== undefined && bounds.every(bound => bound !== undefined && sameNumber(bound, first))
    ? first
    : undefined;
}

const conjuncts = (condition: Value): readonly Value[] =>
  is(condition.node, LogicalAnd) ? condition.node.inputs.flatMap(conjuncts) : [condition];

function outsideOf(
  value: Value,
  variables: readonly LoopVariable[],
  { parameters, results }: LoopBody,
): Value | undefined {
  if (value.node.constant !== undefined) return value;
  const i = parameters.indexOf(value);
  const variable = variables[i];
  return variable?.kind === 'tensor' && results[i] === value ? variable.start : undefined;
}

const sameNumber = (a: Value, b: Value): boolean => {
  const x = a.partialValue?.[0];
  const y = b.partialValue?.[0];
  return a === b || (x !== undefined && y !== undefined && dimEquals(x, y));
};
