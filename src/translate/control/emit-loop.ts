import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import { is, type Value } from '../../ov/graph.ts';
import { LogicalOr } from '../../ov/ops/logical.ts';
import { Maximum } from '../../ov/ops/arithmetic.ts';
import { Parameter } from '../../ov/ops/infrastructure.ts';
import { Loop, type LoopInput, type LoopOutput, type Slicing } from '../../ov/ops/control-flow.ts';
import { Select } from '../../ov/ops/condition.ts';
import { Slice } from '../../ov/ops/slice.ts';
import { convert, unsqueeze } from '../../ov/shorthand.ts';
import { dimEquals, freshDim } from '../../tensor/dim.ts';
import { isList, type Operand, type TensorList } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import { fromTensor, knownLength, lengthOf, stack } from './lists.ts';
import { conditionOf, type LoopBody, type Plan, translateBody } from './loop-body.ts';
import { isIterationNumber, iterationsOf } from './iterations.ts';

/** One item of a list a turn, in order. */
const EACH_ITEM: Slicing = { axis: 0, start: 0, end: -1, stride: 1, part_size: 1 };

/**
 * An OpenVINO Loop. Of a list that the turns fill in order it joins the items; any other list is a tensor that it carries.
 * It reads items by Gather, not by cutting its inputs: OpenVINO's CPU overwrites the parts that it cut.
 */
export function emitLoop(op: TfOp, b: Builder): readonly Operand[] {
  let plans = op.operands.map(operand => firstPlan(operand, b));
  // The body is translated anew with what was learnt from it, until it teaches nothing new.
  for (;;) {
    const body = translateBody(op, b, plans);
    const better = plans.map((plan, i) =>
      plan.kind === 'joined' ? improveList(plan, i, plans, body, b) : improveTensor(plan, i, body),
    );
    if (better.every((plan, i) => plan === plans[i])) return assemble(op, b, plans, body);
    plans = better;
  }
}

function firstPlan(operand: Operand, b: Builder): Plan {
  if (!isList(operand)) return tensorPlan(operand);
  return isUnwritten(operand) ? { kind: 'joined', start: operand } : tensorPlan(stack(operand, b));
}

const isUnwritten = (list: TensorList): boolean =>
  list.list === 'reserved' || (list.list === 'items' && list.items.every(item => item === undefined));

const tensorPlan = (start: Value): Plan => ({ kind: 'tensor', start, shape: start.shape, open: new Set() });

/** The plan for a list in the light of what the body did with it; the same object when nothing was learnt. */
function improveList(
  plan: Plan & { readonly kind: 'joined' },
  i: number,
  plans: readonly Plan[],
  body: LoopBody,
  b: Builder,
): Plan {
  const { whole, end } = body.uses.get(i)!;
  const written = writtenBy(body, i);
  const isInOrder = written !== undefined && (written.index === end || isIterationNumber(written.index, plans, body));
  const isFilled = grows(plan.start) || (written?.index !== end && isFull(plan.start, iterationsOf(plans, body)));
  if (whole === undefined && ((isInOrder && isFilled) || body.results[i] === body.parameters[i])) return plan;
  return tensorPlan(stack(plan.start, b, whole?.itemShape ?? written?.item.shape));
}

/** The item that a turn adds to a list. */
function writtenBy(
  { parameters, results }: LoopBody,
  i: number,
): (TensorList & { readonly list: 'written' }) | undefined {
  const result = results[i]!;
  return isList(result) && result.list === 'written' && result.to === parameters[i] ? result : undefined;
}

/** Whether a list is empty at first, and as long as the items that were written make it. */
const grows = (list: TensorList): boolean => list.list === 'items' && list.items.length === 0;

/** Whether so many turns write every item of a list. */
function isFull(list: TensorList, turns: Value | undefined): boolean {
  const [length, count] = [knownLength(list), turns?.partialValue?.[0]];
  return length !== undefined && count !== undefined && dimEquals(length, count);
}

/** The plan for a tensor in the light of what the body made of it; the same object when nothing was learnt. */
function improveTensor(plan: Exclude<Plan, { readonly kind: 'joined' }>, i: number, body: LoopBody): Plan {
  if (plan.kind === 'constant') return plan;
  const [before, after] = [tensorIn(body.parameters[i]!, i), tensorIn(body.results[i]!, i)];
  if (before === after) {
    const isConstant = plan.start.node.constant !== undefined && !isList(body.parameters[i]!);
    return isConstant ? { kind: 'constant', start: plan.start } : plan;
  }
  if (after.type !== before.type || after.shape.length !== before.shape.length) {
    throw new DecantError(
      'unsupported',
      `a loop variable is ${before.type} of rank ${before.shape.length} in one turn and ${after.type} of rank ${after.shape.length} in the next`,
    );
  }
  const changed = before.shape.flatMap((dim, axis) =>
    plan.open.has(axis) || dimEquals(dim, after.shape[axis]!) ? [] : [axis],
  );
  if (changed.length === 0) return plan;
  const shape = plan.shape.map((dim, axis) => (changed.includes(axis) ? freshDim() : dim));
  return { ...plan, shape, open: new Set([...plan.open, ...changed]) };
}

/** The tensor that a variable is carried as. */
function tensorIn(operand: Operand, i: number): Value {
  if (!isList(operand)) return operand;
  if (operand.list === 'stacked') return operand.tensor;
  throw new DecantError('unsupported', `variable ${i} of a loop is a tensor in one turn and a list in the next`);
}

/** The Loop for plans from which the body was translated to the end. */
function assemble(op: TfOp, b: Builder, plans: readonly Plan[], body: LoopBody): readonly Operand[] {
  const inputs: Value[] = [];
  const parameters = new Map<string, Value>();
  const loopInputs: LoopInput[] = [];
  const results = new Map<string, Value>();
  const loopOutputs: LoopOutput[] = [];
  const take = (parameter: Value, value: Value, how: (input: number) => LoopInput): void => {
    parameters.set(parameter.node.name, parameter);
    // The trip count and the first condition stand before the data.
    loopInputs.push(how(inputs.push(value) + 1));
  };
  const invariant = (input: number): LoopInput => ({ kind: 'invariant', input });
  const give = (name: string, value: Value): number => results.set(name, value).size - 1;
  const places = plans.map((plan, i): number | undefined => {
    if (plan.kind === 'constant') return undefined;
    if (plan.kind === 'joined') {
      const { length } = body.uses.get(i)!;
      if (length !== undefined) take(length, lengthOf(plan.start, b), invariant);
      const written = writtenBy(body, i);
      if (written === undefined) return undefined;
      const from = give(`written${i}`, unsqueeze(b, written.item, 0));
      return loopOutputs.push({ kind: 'concatenated', from, slicing: EACH_ITEM }) - 1;
    }
    const [before, after] = [tensorIn(body.parameters[i]!, i), tensorIn(body.results[i]!, i)];
    if (before === after) {
      take(before, plan.start, invariant);
      return undefined;
    }
    const from = give(`v${i}`, isBorrowed(after) ? copied(after, b) : after);
    take(before, plan.start, input => ({ kind: 'merged', input, from }));
    return loopOutputs.push({ kind: 'last', from }) - 1;
  });
  // A list of fixed length is full after so many turns: then their number ends the loop, and no condition.
  const isCounted = plans.some((plan, i) => plan.kind === 'joined' && !grows(plan.start) && writtenBy(body, i));
  const turns = isCounted ? iterationsOf(plans, body) : undefined;
  const always = b.scalar('boolean', 1);
  const condition = give('condition', turns === undefined ? body.condition : always);
  const starts = turns === undefined ? conditionOf(op, b, op.operands) : always;
  const outputs = b.addWithBodies(
    Loop,
    [turns ?? b.scalar('i64', -1), starts, ...inputs],
    { inputs: loopInputs, outputs: loopOutputs, condition },
    [{ name: `${op.node.name}/body`, inputs: parameters, outputs: results }],
  );
  const most = turns ?? b.add(Select, [starts, b.scalar('i32', 2 ** 31 - 1), b.scalar('i32', 0)]);
  return plans.map(({ kind, start }, i) => {
    const value = places[i] === undefined ? start : outputs[places[i]]!;
    if (!isList(op.operand(i)) || isList(value)) return value;
    return fromTensor(kind === 'joined' ? firstItems(value, most, b) : value);
  });
}

/** Ops whose output may lie where their input does. */
const VIEWS: ReadonlySet<string> = new Set([
  'Gather',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'StridedSlice',
  'Unsqueeze',
  'VariadicSplit',
]);

/**
 * Whether a value may lie where a parameter does. OpenVINO's CPU hands the variables on to the next turn one after the
 * other: a parameter that becomes another variable may have got its own new value before.
 */
function isBorrowed(value: Value): boolean {
  let { node } = value;
  while (VIEWS.has(node.op.type)) ({ node } = node.inputs[0]!);
  return is(node, Parameter);
}

/** The same in a place of its own. */
const copied = (value: Value, b: Builder): Value =>
  b.add(value.type === 'boolean' ? LogicalOr : Maximum, [value, value]);

/** What a loop joined, but for the item that OpenVINO gives where there was no turn. */
const firstItems = (joined: Value, most: Value, b: Builder): Value =>
  b.add(Slice, [joined, b.i64(0), unsqueeze(b, convert(b, most, 'i64'), 0), b.i64(1), b.i64(0)]);
