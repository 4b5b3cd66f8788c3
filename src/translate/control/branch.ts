import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Graph, Value } from '../../ov/graph.ts';
import { If } from '../../ov/ops/control-flow.ts';
import { NotEqual } from '../../ov/ops/elementwise.ts';
import { asValue, isList, type Operand } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';
import { constantLike } from '../values.ts';
import { mergeBranches } from './merge-branches.ts';

/** A condition as TensorFlow reads it: a boolean, or a number that is not zero. */
export const asCondition = (b: Builder, value: Value): Value =>
  value.type === 'boolean' ? value : b.add(NotEqual, [value, constantLike(b, value, 0)]);

/** What a condition is, if that is known at conversion. */
export const knownCondition = (value: Value): boolean | undefined => {
  const constant = value.node.constant;
  return constant === undefined ? undefined : constant.data[0] !== 0 && constant.data[0] !== 0n;
};

/** One of two bodies: the only possible one, both merged into one computation, or an OpenVINO If. */
function branch(op: TfOp, b: Builder): readonly Operand[] {
  const condition = asCondition(b, op.input(0));
  const args = op.operands.slice(1);
  const known = knownCondition(condition);
  if (known !== undefined) return op.call(known ? 'then_branch' : 'else_branch', args);
  const then = op.call('then_branch', args);
  const otherwise = op.call('else_branch', args);
  if (then.length !== otherwise.length)
    throw new DecantError('malformed', 'the branches give different numbers of results');
  const outside = new Set(args.flatMap(valuesOf));
  const merged = then.map((a, i) => {
    const other = otherwise[i]!;
    if (isList(a) || isList(other)) return a === other ? a : undefined;
    return mergeBranches(condition, a, other, outside, b);
  });
  return merged.every(operand => operand !== undefined) ? merged : emitIf(op, b, condition);
}

/** The tensors that an operand is or holds. */
function valuesOf(operand: Operand): readonly Value[] {
  if (!isList(operand)) return [operand];
  if (operand.list === 'items') return operand.items.filter(item => item !== undefined);
  return operand.list === 'stacked' ? [operand.tensor] : [];
}

/** An If whose bodies get what they need as inputs; values that are known go into the bodies themselves. */
function emitIf(op: TfOp, b: Builder, condition: Value): readonly Value[] {
  const args = op.operands.slice(1).map((operand, i) => asValue(operand, `argument ${i} of ${op.type}`));
  const bodies = (['then_branch', 'else_branch'] as const).map(name => bodyOf(op, b, name, args));
  const used = (['then', 'else'] as const).map((_, side) => bodies[side]!.used);
  const [thenUses, elseUses] = [used[0]!, used[1]!];
  const inputs = [...new Set([...thenUses, ...elseUses])].sort((x, y) => x - y);
  const portOf = (arg: number): number => inputs.indexOf(arg) + 1;
  b.origin = op.node.name;
  return b.addWithBodies(
    If,
    [condition, ...inputs.map(arg => args[arg]!)],
    { inputs: [thenUses.map(portOf), elseUses.map(portOf)] },
    bodies.map(({ graph }) => graph),
  );
}

interface Body {
  readonly graph: Graph;
  /** The arguments that are parameters of the graph, in their order. */
  readonly used: readonly number[];
}

function bodyOf(op: TfOp, b: Builder, name: 'then_branch' | 'else_branch', args: readonly Value[]): Body {
  const used = args.flatMap((arg, i) => (arg.node.constant === undefined ? [i] : []));
  const parameters = new Map(used.map(i => [`arg${i}`, b.parameter(`arg${i}`, args[i]!.type, args[i]!.shape)]));
  const given = args.map((arg, i) => parameters.get(`arg${i}`) ?? arg);
  const results = op.call(name, given).map((operand, i) => asValue(operand, `result ${i} of ${op.type}`));
  const graph: Graph = {
    name: `${op.node.name}/${name}`,
    inputs: parameters,
    outputs: new Map(results.map((value, i) => [`result${i}`, value])),
  };
  return { graph, used };
}

/** One of several bodies, by number; the last one for a number that is none. */
function switchCase(op: TfOp): readonly Operand[] {
  const branches = op.functions('branches');
  const index = op.integer(0, 'branch index');
  return op.callFunction(
    branches[index < 0 || index >= branches.length ? branches.length - 1 : index]!,
    op.operands.slice(1),
  );
}

export const branches: Translators = {
  If: branch,
  StatelessIf: branch,
  Case: switchCase,
  StatelessCase: switchCase,
};
