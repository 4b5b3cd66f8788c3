import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import { is, type Value } from '../../ov/graph.ts';
import { LogicalOr } from '../../ov/ops/logical.ts';
import { Maximum } from '../../ov/ops/arithmetic.ts';
import { Parameter } from '../../ov/ops/infrastructure.ts';
import { EACH_ITEM } from '../../ov/for-each.ts';
import { Loop, type LoopInput, type LoopOutput } from '../../ov/ops/control-flow.ts';
import { Select } from '../../ov/ops/condition.ts';
import { Slice } from '../../ov/ops/slice.ts';
import { convert, unsqueeze } from '../../ov/shorthand.ts';
import { dimEquals, freshDim } from '../../tensor/dim.ts';
import { asValue, isList, type Operand, type TensorList, type WrittenList } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import { isIterationNumber, iterationsOf } from './iterations.ts';
import { conditionOf, type LoopBody, type LoopVariable, translateBody } from './loop-body.ts';
import { fromTensor, knownLength, lengthOf, stack } from './tensor-lists.ts';

type TensorVariable = Exclude<LoopVariable, { readonly kind: 'concatenated' }>;
type ConcatenatedVariable = Extract<LoopVariable, { readonly kind: 'concatenated' }>;

/**
 * Emits an OpenVINO Loop. A list that the iterations fill in order is a concatenated output; any other is carried as a
 * tensor. Items are read by Gather instead of sliced inputs, because OpenVINO's CPU plugin overwrites the slices.
 */
export function emitLoop(op: TfOp, b: Builder): readonly Operand[] {
  let variables = op.operands.map(operand => initialVariable(operand, b));
  // Each translation of the body may refute assumptions about the variables; repeat until none changes.
  for (;;) {
    const body = translateBody(op, b, variables);
    const tensors = variables.map((variable, i) =>
      variable.kind === 'concatenated' ? variable : refineTensor(variable, i, body),
    );
    // Whether a list is written in order shows once the variables that its index depends on are settled.
    const isSettled = tensors.every((variable, i) => variable === variables[i]);
    const refined = tensors.map((variable, i) =>
      variable.kind === 'concatenated' && (isSettled || body.uses.get(i)!.stacked !== undefined)
        ? refineList(variable, i, variables, body, b)
        : variable,
    );
    if (refined.every((variable, i) => variable === variables[i])) return assemble(op, b, variables, body);
    variables = refined;
  }
}

function initialVariable(operand: Operand, b: Builder): LoopVariable {
  if (!isList(operand)) return tensorVariable(asValue(operand, 'a loop variable'));
  return isUnwritten(operand) ? { kind: 'concatenated', start: operand } : tensorVariable(stack(operand, b));
}

const isUnwritten = (list: TensorList): boolean =>
  list.list === 'reserved' || (list.list === 'items' && list.items.every(item => item === undefined));

const tensorVariable = (start: Value): LoopVariable => ({
  kind: 'tensor',
  start,
  shape: start.shape,
  dynamicAxes: new Set(),
});

function refineList(
  variable: ConcatenatedVariable,
  i: number,
  variables: readonly LoopVariable[],
  body: LoopBody,
  b: Builder,
): LoopVariable {
  const { start } = variable;
  const { stacked, end } = body.uses.get(i)!;
  const written = writtenBy(body, i);
  const isInOrder =
    written !== undefined && (written.index === end || isIterationNumber(written.index, variables, body));
  const isFilled = startsEmpty(start) || (written?.index !== end && isFilledBy(start, iterationsOf(variables, body)));
  const isUntouched = body.results[i] === body.parameters[i];
  if (stacked === undefined && ((isInOrder && isFilled) || isUntouched)) return variable;
  const sources = variables.flatMap(other => (other.kind === 'concatenated' ? [] : [other.start]));
  return tensorVariable(stack(start, b, stacked?.itemShape ?? written?.item.shape, sources));
}

function writtenBy({ parameters, results }: LoopBody, i: number): WrittenList | undefined {
  const result = results[i]!;
  return isList(result) && result.list === 'written' && result.to === parameters[i] ? result : undefined;
}

const startsEmpty = (list: TensorList): boolean => list.list === 'items' && list.items.length === 0;

function isFilledBy(list: TensorList, iterations: Value | undefined): boolean {
  const length = knownLength(list);
  const count = iterations?.partialValue?.[0];
  return length !== undefined && count !== undefined && dimEquals(length, count);
}

function refineTensor(variable: TensorVariable, i: number, body: LoopBody): LoopVariable {
  if (variable.kind === 'constant') return variable;
  const before = tensorIn(body.parameters[i]!, i);
  const after = tensorIn(body.results[i]!, i);
  if (before === after) {
    const isConstant = variable.start.node.constant !== undefined && !isList(body.parameters[i]!);
    return isConstant ? { kind: 'constant', start: variable.start } : variable;
  }
  if (after.type !== before.type || after.shape.length !== before.shape.length) {
    throw new DecantError(
      'unsupported',
      `loop variable ${i} changes from ${before.type} of rank ${before.shape.length} to ${after.type} of rank ${after.shape.length} between iterations`,
      {
        remedy:
          'Keep the type and rank of loop variables the same in all iterations; if they depend on input sizes, fix these with --input-shape.',
      },
    );
  }
  const changed = before.shape.flatMap((dim, axis) =>
    variable.dynamicAxes.has(axis) || dimEquals(dim, after.shape[axis]!) ? [] : [axis],
  );
  if (changed.length === 0) return variable;
  const shape = variable.shape.map((dim, axis) => (changed.includes(axis) ? freshDim() : dim));
  return { ...variable, shape, dynamicAxes: new Set([...variable.dynamicAxes, ...changed]) };
}

function tensorIn(operand: Operand, i: number): Value {
  if (!isList(operand)) return asValue(operand, `loop variable ${i}`);
  if (operand.list === 'stacked') return operand.tensor;
  throw new DecantError('unsupported', `loop variable ${i} changes from a tensor to a tensor list between iterations`, {
    remedy:
      'Keep the type and rank of loop variables the same in all iterations; if they depend on input sizes, fix these with --input-shape.',
  });
}

function assemble(op: TfOp, b: Builder, variables: readonly LoopVariable[], body: LoopBody): readonly Operand[] {
  const inputs: Value[] = [];
  const parameters = new Map<string, Value>();
  const loopInputs: LoopInput[] = [];
  const results = new Map<string, Value>();
  const loopOutputs: LoopOutput[] = [];
  const addInput = (parameter: Value, value: Value, toLoopInput: (input: number) => LoopInput): void => {
    parameters.set(parameter.node.name, parameter);
    // Inputs 0 and 1 are the trip count and the initial condition.
    loopInputs.push(toLoopInput(inputs.push(value) + 1));
  };
  const invariant = (input: number): LoopInput => ({ kind: 'invariant', input });
  const addResult = (name: string, value: Value): number => results.set(name, value).size - 1;
  const outputIndexes = variables.map((variable, i): number | undefined => {
    if (variable.kind === 'constant') return undefined;
    if (variable.kind === 'concatenated') {
      const { length } = body.uses.get(i)!;
      if (length !== undefined) addInput(length, lengthOf(variable.start, b), invariant);
      const written = writtenBy(body, i);
      if (written === undefined) return undefined;
      const from = addResult(`written${i}`, unsqueeze(b, written.item, 0));
      return loopOutputs.push({ kind: 'concatenated', from, slicing: EACH_ITEM }) - 1;
    }
    const before = tensorIn(body.parameters[i]!, i);
    const after = tensorIn(body.results[i]!, i);
    if (before === after) {
      addInput(before, variable.start, invariant);
      return undefined;
    }
    const from = addResult(`v${i}`, mayAliasParameter(after) ? copied(after, b) : after);
    addInput(before, variable.start, input => ({ kind: 'merged', input, from }));
    return loopOutputs.push({ kind: 'last', from }) - 1;
  });
  // The length of a filled list is the number of iterations, which then replaces the condition.
  const isCounted = variables.some(
    (variable, i) => variable.kind === 'concatenated' && !startsEmpty(variable.start) && writtenBy(body, i),
  );
  const iterations = isCounted ? iterationsOf(variables, body) : undefined;
  const always = b.scalar('boolean', 1);
  const condition = addResult('condition', iterations === undefined ? body.condition : always);
  const starts = iterations === undefined ? conditionOf(op, b, op.operands) : always;
  const outputs = b.addWithBodies(
    Loop,
    [iterations ?? b.scalar('i64', -1), starts, ...inputs],
    { inputs: loopInputs, outputs: loopOutputs, condition },
    [{ name: `${op.node.name}/body`, inputs: parameters, outputs: results }],
  );
  const most = iterations ?? b.add(Select, [starts, b.scalar('i32', 2 ** 31 - 1), b.scalar('i32', 0)]);
  return variables.map(({ kind, start }, i) => {
    const index = outputIndexes[i];
    const value = index === undefined ? start : outputs[index]!;
    if (!isList(op.operand(i)) || isList(value)) return value;
    return fromTensor(kind === 'concatenated' ? firstItems(value, most, b) : value);
  });
}

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
 * Whether a result may share memory with a parameter. OpenVINO's CPU plugin updates the variables one at a time between
 * iterations, so such a result may be overwritten before it is copied.
 */
function mayAliasParameter(value: Value): boolean {
  let { node } = value;
  while (VIEWS.has(node.op.type)) ({ node } = node.inputs[0]!);
  return is(node, Parameter);
}

const copied = (value: Value, b: Builder): Value =>
  b.add(value.type === 'boolean' ? LogicalOr : Maximum, [value, value]);

/** Drops the one item that OpenVINO concatenates even for a loop without iterations. */
export const firstItems = (items: Value, most: Value, b: Builder): Value =>
  b.add(Slice, [items, b.i64(0), unsqueeze(b, convert(b, most, 'i64'), 0), b.i64(1), b.i64(0)]);
