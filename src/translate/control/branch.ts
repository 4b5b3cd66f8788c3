import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Graph, Value } from '../../ov/graph.ts';
import { If } from '../../ov/ops/control-flow.ts';
import { Equal, NotEqual } from '../../ov/ops/comparison.ts';
import { constantLike } from '../../ov/shorthand.ts';
import { asValue, isList, type Operand } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translator, Translators } from '../translator.ts';
import { countBody } from './budget.ts';
import { fromTensor, stack } from './lists.ts';
import { mergeBranches } from './merge-branches.ts';

/** A condition as TensorFlow reads it: a boolean, or a number that is not zero. */
export const asCondition = (b: Builder, value: Value): Value =>
  value.type === 'boolean' ? value : b.add(NotEqual, [value, constantLike(b, value, 0)]);

/** What a condition is, if that is known at conversion. */
export const knownCondition = (value: Value): boolean | undefined => {
  const constant = value.node.constant;
  return constant === undefined ? undefined : constant.data[0] !== 0 && constant.data[0] !== 0n;
};

type Body = (args: readonly Operand[]) => readonly Operand[];

/** What happens where a condition holds, and where it does not. */
type Bodies = readonly [then: Body, otherwise: Body];

/** One of two bodies: the only possible one, both merged into one computation, or an OpenVINO If. */
function choose(op: TfOp, b: Builder, condition: Value, args: readonly Operand[], bodies: Bodies): readonly Operand[] {
  countBody(b);
  const known = knownCondition(condition);
  if (known !== undefined) return bodies[known ? 0 : 1](args);
  const [then, otherwise] = [bodies[0](args), bodies[1](args)];
  if (then.length !== otherwise.length)
    throw new DecantError('malformed', 'the branches give different numbers of results');
  const outside = new Set(args.flatMap(valuesOf));
  const merged = then.map((a, i) => {
    const other = otherwise[i]!;
    if (isList(a) || isList(other)) return a === other ? a : undefined;
    return mergeBranches(condition, a, other, outside, b);
  });
  return merged.every(operand => operand !== undefined) ? merged : emitIf(op, b, condition, args, bodies);
}

/** The tensors that an operand is or holds. */
function valuesOf(operand: Operand): readonly Value[] {
  if (!isList(operand)) return [operand];
  if (operand.list === 'items') return operand.items.filter(item => item !== undefined);
  return operand.list === 'stacked' ? [operand.tensor] : [];
}

/** An If whose bodies get what they need as inputs; values that are known go into the bodies themselves. */
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
  const [then, otherwise] = sides.map(({ graph }) => [...graph.outputs.values()]);
  then!.forEach((value, i) => {
    const other = otherwise![i]!;
    if (value.type === other.type && value.shape.length === other.shape.length) return;
    throw new DecantError(
      'unsupported',
      `the branches give ${value.type} of rank ${value.shape.length} and ${other.type} of rank ${other.shape.length}`,
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

/** An operand as the tensor that goes into a body or comes out of it: of a list, all its items. */
const tensorFor = (operand: Operand, b: Builder): Value => (isList(operand) ? stack(operand, b) : operand);

/** The tensor as the operand that it stands for. */
const likeOperand = (operand: Operand, tensor: Value): Operand => (isList(operand) ? fromTensor(tensor) : tensor);

const branch: Translator = (op, b) =>
  choose(op, b, asCondition(b, op.input(0)), op.operands.slice(1), [
    args => op.call('then_branch', args),
    args => op.call('else_branch', args),
  ]);

/** One of several bodies, by number; the last one for a number that is none. */
function switchCase(op: TfOp, b: Builder): readonly Operand[] {
  const branches = op.functions('branches');
  if (branches.length === 0) throw new DecantError('malformed', `${op.type} without branches`);
  // The number is an argument too, so that it is at hand in the bodies of Ifs.
  const from =
    (i: number): Body =>
    args => {
      countBody(b);
      const call: Body = ([, ...own]) => op.callFunction(branches[i]!, own);
      if (i === branches.length - 1) return call(args);
      const index = asValue(args[0]!, 'a branch index');
      const condition = b.add(Equal, [index, constantLike(b, index, i)]);
      const known = knownCondition(condition);
      if (known !== undefined) return known ? call(args) : from(i + 1)(args);
      return emitIf(op, b, condition, args, [call, from(i + 1)]);
    };
  return from(0)(op.operands);
}

export const branches: Translators = {
  If: branch,
  StatelessIf: branch,
  Case: switchCase,
  StatelessCase: switchCase,
};
