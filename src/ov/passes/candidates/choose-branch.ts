import type { Builder } from '../../builder.ts';
import { type Graph, is, type Node, topological, type Value } from '../../graph.ts';
import { If } from '../../ops/control-flow.ts';
import { Parameter } from '../../ops/infrastructure.ts';
import { type Closure, closeOver } from './close-over.ts';

/** Whether a node may be computed in a branch, and so only if needed. */
export type IsLazy = (node: Node) => boolean;

export const NEVER: IsLazy = () => false;
export const ALWAYS: IsLazy = () => true;

/** An If that returns `then` if `condition` is true, and else `otherwise`. Lazy nodes that only one of them needs are in its branch. */
export function chooseBranch<T extends readonly Value[]>(
  b: Builder,
  condition: Value,
  [then, isThenLazy]: readonly [T, IsLazy],
  [otherwise, isOtherwiseLazy]: readonly [T, IsLazy],
): T {
  const branch = (name: string, values: readonly Value[], isLazy: IsLazy, others: readonly Value[]): Closure => {
    return closeOver(name, values, unlessFor([condition, ...others], isLazy));
  };
  const branches = [branch('best', then, isThenLazy, otherwise), branch('all', otherwise, isOtherwiseLazy, then)];
  const inputs = [...new Set(branches.flatMap(({ arguments: used }) => used))];
  const [thenPorts, otherwisePorts] = branches.map(({ arguments: used }) =>
    used.map(value => inputs.indexOf(value) + 1),
  );
  const outputs = b.addWithBodies(
    If,
    [condition, ...inputs],
    { inputs: [thenPorts!, otherwisePorts!] },
    branches.map(({ graph }) => graph),
  );
  return outputs as T;
}

/** Accepts the nodes that `isLazy` accepts, except those that compute `values`. */
export function unlessFor(values: readonly Value[], isLazy: IsLazy): IsLazy {
  const others = ancestorsOf(values);
  return node => isLazy(node) && !others.has(node);
}

/** The nodes that values are computed from, their own included. */
const ancestorsOf = (values: readonly Value[]): ReadonlySet<Node> =>
  new Set(
    topological({
      name: '',
      inputs: new Map(),
      outputs: new Map(values.map((value, i) => [String(i), value])),
    }),
  );

/** Accepts `nodes`, those before them that nothing else in a graph needs, and those that are not in the graph. */
export function neededBy(nodes: readonly Node[], graph: Graph): IsLazy {
  const order = topological(graph);
  const inside = new Set(nodes);
  const outside = new Set([...graph.outputs.values()].map(value => value.node));
  const users = new Map<Node, Node[]>();
  for (const node of order) {
    for (const { node: before } of node.inputs) users.set(before, [...(users.get(before) ?? []), node]);
  }
  for (const node of [...order].reverse()) {
    if (inside.has(node)) continue;
    const isNeeded = users.get(node)?.every(user => inside.has(user)) !== true;
    if (isNeeded || outside.has(node) || is(node, Parameter)) outside.add(node);
    else inside.add(node);
  }
  return node => !outside.has(node);
}
