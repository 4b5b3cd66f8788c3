import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import { is, type Value } from '../../ov/graph.ts';
import { Loop, type LoopInput, type LoopOutput, type Slicing } from '../../ov/ops/control-flow.ts';
import { Add } from '../../ov/ops/elementwise.ts';
import { type Dim, dimEquals, freshDim, type Shape } from '../../tensor/dim.ts';
import { asList, asValue, isList, type LoopList, type Operand, type TensorList } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import { squeeze, unsqueeze } from '../values.ts';
import { lengthOf, stack } from './lists.ts';

/** One item of a list a turn, in order. */
const EACH_ITEM: Slicing = { axis: 0, start: 0, end: -1, stride: 1, part_size: 1 };

/** Translating the body anew, each time knowing more of what changes from turn to turn, ends after a few tries. */
const MOST_TRIES = 12;

/** What is known of a loop variable before the body is translated. */
type Plan =
  | { readonly kind: 'value'; readonly shape: Shape }
  /** The same in every turn, so that the body may use the value itself if it is constant. */
  | { readonly kind: 'constant' }
  /** A list of which each turn reads, or writes, the item of its own number. */
  | { readonly kind: 'items' }
  /** A list that is carried as one stacked tensor. */
  | { readonly kind: 'stacked' };

/** The body with parameters of its own, as it was translated once. */
interface Body {
  readonly parameters: readonly Operand[];
  readonly results: readonly Operand[];
  /** For each list of which turns read their items: the parameter that holds the item. */
  readonly slices: ReadonlyMap<number, Value>;
  readonly condition: Value;
  /** Values by which items were read and written: each must be the number of the turn. */
  readonly indices: ReadonlyMap<number, ReadonlySet<Value>>;
}

/** Whether another turn follows, for these values. */
export const conditionOf = (op: TfOp, values: readonly Operand[]): Value =>
  asValue(op.call('cond', values)[0]!, 'the condition of a loop');

/** An OpenVINO Loop; lists become inputs that are cut, and outputs that are joined, along their items. */
export function emitLoop(op: TfOp, b: Builder): readonly Operand[] {
  let plans = op.operands.map((operand): Plan =>
    isList(operand) ? { kind: 'items' } : { kind: 'value', shape: operand.shape },
  );
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const args = op.operands.map((operand, i) => (plans[i]!.kind === 'stacked' ? stacked(operand, b) : operand));
    const body = translateBody(op, b, args, plans);
    const better = plans.map((plan, i) => improve(plan, i, args, body));
    if (better.every((plan, i) => plan === plans[i])) return assemble(op, b, args, plans, body);
    plans = better;
  }
  throw new DecantError('unsupported', `a loop whose variables change their shape in every turn`);
}

const stacked = (operand: Operand, b: Builder): Operand =>
  isList(operand) ? { list: 'stacked', tensor: stack(operand, b) } : operand;

/** The tensor that an operand is, or that carries it. */
const carried = (operand: Operand): Operand =>
  isList(operand) && operand.list === 'stacked' ? operand.tensor : operand;

function translateBody(op: TfOp, b: Builder, args: readonly Operand[], plans: readonly Plan[]): Body {
  const slices = new Map<number, Value>();
  const indices = new Map<number, Set<Value>>();
  const parameters = args.map((arg, i): Operand => {
    const plan = plans[i]!;
    if (plan.kind === 'stacked' && isList(arg) && arg.list === 'stacked') {
      return { list: 'stacked', tensor: b.parameter(`v${i}`, arg.tensor.type, arg.tensor.shape) };
    }
    if (isList(arg)) return listParameter(arg, i, slices, indices, b);
    if (plan.kind === 'constant') return arg;
    return b.parameter(`v${i}`, arg.type, plan.kind === 'value' ? plan.shape : arg.shape);
  });
  const results = op.call('body', parameters);
  results.forEach((result, i) => {
    if (isList(result) && result.list === 'written') add(indices, i, result.index);
  });
  return { parameters, results, slices, indices, condition: conditionOf(op, results) };
}

const add = (sets: Map<number, Set<Value>>, i: number, value: Value): void => {
  sets.set(i, (sets.get(i) ?? new Set()).add(value));
};

function listParameter(
  list: TensorList,
  i: number,
  slices: Map<number, Value>,
  indices: Map<number, Set<Value>>,
  b: Builder,
): LoopList {
  return {
    list: 'loop',
    count: lengthOf(list, b),
    read(index) {
      add(indices, i, index);
      const known = slices.get(i);
      const tensor = stack(list, b);
      const slice = known ?? b.parameter(`item${i}`, tensor.type, [1, ...tensor.shape.slice(1)]);
      slices.set(i, slice);
      return squeeze(b, slice, 0);
    },
  };
}

/** The plan for a variable in the light of what the body made of it; the same object when nothing was learnt. */
function improve(plan: Plan, i: number, args: readonly Operand[], body: Body): Plan {
  const [arg, parameter, result] = [args[i]!, body.parameters[i]!, body.results[i]!];
  if (plan.kind === 'items') {
    const ordered = [...(body.indices.get(i) ?? [])].every(index => isTurnNumber(index, args, body));
    return ordered ? plan : { kind: 'stacked' };
  }
  if (plan.kind === 'constant' || isList(arg) || isList(result) || isList(parameter)) return plan;
  if (result === parameter) return arg.node.constant === undefined ? plan : { kind: 'constant' };
  if (result.type !== parameter.type || result.shape.length !== parameter.shape.length) {
    throw new DecantError(
      'unsupported',
      `a loop variable is ${parameter.type} of rank ${parameter.shape.length} in one turn and ${result.type} of rank ${result.shape.length} in the next`,
    );
  }
  const shape = parameter.shape.map((dim, axis): Dim => (dimEquals(dim, result.shape[axis]!) ? dim : freshDim()));
  return shape.every((dim, axis) => dim === parameter.shape[axis]) ? plan : { kind: 'value', shape };
}

/** Whether a value counts the turns: a variable that starts at 0 and grows by 1. */
function isTurnNumber(index: Value, args: readonly Operand[], { parameters, results }: Body): boolean {
  const i = parameters.indexOf(index);
  const [arg, result] = [args[i], results[i]];
  if (arg === undefined || result === undefined || isList(arg) || isList(result)) return false;
  if (arg.contents?.[0] !== 0 || !is(result.node, Add)) return false;
  const [x, y] = [result.node.inputs[0]!, result.node.inputs[1]!];
  return (x === index && y.contents?.[0] === 1) || (y === index && x.contents?.[0] === 1);
}

function assemble(
  op: TfOp,
  b: Builder,
  args: readonly Operand[],
  plans: readonly Plan[],
  body: Body,
): readonly Operand[] {
  const inputs: Value[] = [];
  const loopInputs: LoopInput[] = [];
  const parameters = new Map<string, Value>();
  const results = new Map<string, Value>();
  const loopOutputs: LoopOutput[] = [];
  // The trip count and the first condition stand before the data.
  const connect = (value: Value): number => inputs.push(value) + 1;
  const returned = args.map((operand, i): number | Operand => {
    const [arg, parameter, result] = [operand, body.parameters[i]!, body.results[i]!].map(carried) as [
      Operand,
      Operand,
      Operand,
    ];
    const slice = body.slices.get(i);
    if (slice !== undefined) {
      parameters.set(`item${i}`, slice);
      loopInputs.push({ kind: 'sliced', input: connect(stack(asList(arg, 'a list'), b)), slicing: EACH_ITEM });
    }
    if (isList(result)) {
      if (result.list !== 'written') return arg;
      results.set(`written${i}`, unsqueeze(b, result.item, 0));
      return loopOutputs.push({ kind: 'concatenated', from: results.size - 1, slicing: EACH_ITEM }) - 1;
    }
    if (plans[i]!.kind === 'constant' || isList(arg) || isList(parameter)) return arg;
    parameters.set(`v${i}`, parameter);
    if (result === parameter) {
      loopInputs.push({ kind: 'invariant', input: connect(arg) });
      return arg;
    }
    results.set(`v${i}`, result);
    loopInputs.push({ kind: 'merged', input: connect(arg), from: results.size - 1 });
    return loopOutputs.push({ kind: 'last', from: results.size - 1 }) - 1;
  });
  results.set('condition', body.condition);
  const before = conditionOf(op, args);
  b.origin = op.node.name;
  const outputs = b.addWithBodies(
    Loop,
    [b.scalar('i64', -1), before, ...inputs],
    { inputs: loopInputs, outputs: loopOutputs, condition: results.size - 1 },
    [{ name: `${op.node.name}/body`, inputs: parameters, outputs: results }],
  );
  return returned.map((place, i): Operand => {
    if (typeof place !== 'number')
      return plans[i]!.kind === 'stacked' && !isList(place) ? { list: 'stacked', tensor: place } : place;
    const value = outputs[place]!;
    const wasList = isList(op.operands[i]!);
    return wasList ? { list: 'stacked', tensor: value } : value;
  });
}
