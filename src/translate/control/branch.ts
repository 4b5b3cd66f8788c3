import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Graph, Value } from '../../ov/graph.ts';
import { If } from '../../ov/ops/control-flow.ts';
import { Equal, NotEqual } from '../../ov/ops/comparison.ts';
import { constantLike } from '../../ov/shorthand.ts';
import { asValue, isList, isTensor, type Operand } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { fromTensor, stack } from './tensor-lists.ts';
import { mergeBranches } from './merge-branches.ts';

export const asCondition = (b: Builder, value: Value): Value =>
  value.type === 'boolean' ? value : b.add(NotEqual, [value, constantLike(b, value, 0)]);

export const knownCondition = (value: Value): boolean | undefined => {
  const constant = value.node.constant;
  return constant === undefined ? undefined : constant.data[0] !== 0 && constant.data[0] !== 0n;
};

type Body = (args: readonly Operand[]) => readonly Operand[];

type Bodies = readonly [thenBody: Body, elseBody: Body];

function choose(op: TfOp, b: Builder, condition: Value, args: readonly Operand[], bodies: Bodies): readonly Operand[] {
  const known = knownCondition(condition);
  if (known !== undefined) return bodies[known ? 0 : 1](args);
  const thenResults = bodies[0](args);
  const elseResults = bodies[1](args);
  if (thenResults.length !== elseResults.length) {
    throw new DecantError(
      'malformed',
      `the branches return ${thenResults.length} and ${elseResults.length} values, but must return the same number`,
    );
  }
  const outside = new Set(args.flatMap(valuesOf));
  const merged = thenResults.map((x, i) => {
    const y = elseResults[i]!;
    if (!isTensor(x) || !isTensor(y)) return x === y ? x : undefined;
    return mergeBranches(condition, x, y, outside, b);
  });
  return merged.every(operand => operand !== undefined) ? merged : emitIf(op, b, condition, args, bodies);
}

function valuesOf(operand: Operand): readonly Value[] {
  if (isTensor(operand)) return [operand];
  if (!isList(operand)) return [operand.real, operand.imaginary];
  if (operand.list === 'items') return operand.items.filter(item => item !== undefined);
  return operand.list === 'stacked' ? [operand.tensor] : [];
}

function emitIf(op: TfOp, b: Builder, condition: Value, args: readonly Operand[], bodies: Bodies): readonly Operand[] {
  const tensors = args.map(operand => tensorFor(operand, b));
  const inputs = [...new Set(tensors)].filter(({ node }) => node.constant === undefined);
  const sides = bodies.map((body, side) => {
    const parameters = inputs.map(({ type, shape }, i) => b.parameter(`arg${i}`, type, shape));
    const given = tensors.map((tensor, i) => likeOperand(args[i]!, parameters[inputs.indexOf(tensor)] ?? tensor));
    const results = body(given);
    const graph: Graph = {
      name: `${op.node.name}/${side === 0 ? 'then' : 'else'}`,
      inputs: new Map(parameters.map(parameter => [parameter.node.name, parameter])),
      outputs: new Map(results.map((result, i) => [`result${i}`, tensorFor(result, b)])),
    };
    return { results, graph };
  });
  const [thenOutputs, elseOutputs] = sides.map(({ graph }) => [...graph.outputs.values()]);
  thenOutputs!.forEach((value, i) => {
    const other = elseOutputs![i]!;
    if (value.type === other.type && value.shape.length === other.shape.length) return;
    throw new DecantError(
      'unsupported',
      `result ${i} of the branches is ${value.type} of rank ${value.shape.length} and ${other.type} of rank ${other.shape.length}, which OpenVINO's If does not support`,
      { remedy: 'Make both branches return the same type and rank, or choose one with --freeze if an input chooses.' },
    );
  });
  const ports = inputs.map((_, i) => i + 1);
  const outputs = b.addWithBodies(
    If,
    [condition, ...inputs],
    { inputs: [ports, ports] },
    sides.map(({ graph }) => graph),
  );
  return outputs.map((value, i) => likeOperand(sides[0]!.results[i]!, value));
}

const tensorFor = (operand: Operand, b: Builder): Value =>
  isList(operand) ? stack(operand, b) : asValue(operand, 'a value that a branch takes or returns');

const likeOperand = (operand: Operand, tensor: Value): Operand => (isList(operand) ? fromTensor(tensor) : tensor);

const branch: Translator = (op, b) =>
  choose(op, b, asCondition(b, op.input(0)), op.operands.slice(1), [
    args => op.call('then_branch', args),
    args => op.call('else_branch', args),
  ]);

/** An index out of range selects the last branch. */
function switchCase(op: TfOp, b: Builder): readonly Operand[] {
  const branches = op.functions('branches');
  if (branches.length === 0) throw new DecantError('malformed', `${op.type} has no branches`);
  // The index is passed as an argument because the bodies of nested Ifs compare it again.
  const from =
    (i: number): Body =>
    args => {
      const call: Body = ([, ...own]) => op.callFunction(branches[i]!, own);
      if (i === branches.length - 1) return call(args);
      const index = asValue(args[0]!, 'the branch index');
      const condition = b.add(Equal, [index, constantLike(b, index, i)]);
      const known = knownCondition(condition);
      if (known !== undefined) return known ? call(args) : from(i + 1)(args);
      return emitIf(op, b, condition, args, [call, from(i + 1)]);
    };
  return from(0)([op.operand(0), ...op.operands.slice(1)]);
}

export const branches: Translators = {
  If: branch,
  StatelessIf: branch,
  Case: switchCase,
  StatelessCase: switchCase,
};
