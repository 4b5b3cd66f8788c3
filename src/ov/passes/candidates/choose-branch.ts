import type { Builder } from '../../builder.ts';
import { type Graph, is, type Node, topological, type Value } from '../../graph.ts';
import { If } from '../../ops/control-flow.ts';
import { Parameter } from '../../ops/infrastructure.ts';
import { type Closure, closeOver } from './close-over.ts';
import type { Region } from './region.ts';

/** An If that returns `values` if `condition` is true, and else computes the results of the region. */
export function chooseBranch(
  b: Builder,
  graph: Graph,
  condition: Value,
  values: readonly Value[],
  region: Region,
): readonly Value[] {
  const then = closeOver('best', values, () => false);
  const shared = new Set([condition, ...values].flatMap(ancestorsOf));
  const otherwise = closeOver('all', region.results, insideOrExclusive(graph, region, shared));
  const inputs = [...new Set([...then.arguments, ...otherwise.arguments])];
  const ports = ({ arguments: used }: Closure): readonly number[] => used.map(value => inputs.indexOf(value) + 1);
  return b.addWithBodies(If, [condition, ...inputs], { inputs: [ports(then), ports(otherwise)] }, [
    then.graph,
    otherwise.graph,
  ]);
}

const graphOf = (values: readonly Value[]): Graph => ({
  name: '',
  inputs: new Map(),
  outputs: new Map(values.map((value, i) => [String(i), value])),
});

const ancestorsOf = (value: Value): readonly Node[] => topological(graphOf([value]));

/** The nodes of the region, and those before it that nothing else needs. */
function insideOrExclusive(graph: Graph, region: Region, shared: ReadonlySet<Node>): (node: Node) => boolean {
  const order = topological(graph);
  const inside = new Set(region.nodes);
  const results = new Set([...graph.outputs.values()].map(value => value.node));
  const users = new Map<Node, Node[]>();
  for (const node of order) {
    for (const { node: before } of node.inputs) users.set(before, [...(users.get(before) ?? []), node]);
  }
  for (const node of [...order].reverse()) {
    if (inside.has(node) || results.has(node) || shared.has(node) || is(node, Parameter)) continue;
    if (users.get(node)?.every(user => inside.has(user)) === true) inside.add(node);
  }
  return node => inside.has(node);
}
