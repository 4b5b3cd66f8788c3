import type { Graph, Value } from '../../src/ov/graph.ts';

type Ports = ReadonlyMap<string, Value>;

/** Combines independent graphs into one; port `x` of graph 3 becomes `3.x`. */
export function sideBySide(graphs: readonly Graph[]): Graph {
  const all = (ports: (graph: Graph) => Ports): Ports =>
    new Map(graphs.flatMap((graph, i) => [...ports(graph)].map(([name, value]) => [`${i}.${name}`, value] as const)));
  return { name: 'all', inputs: all(({ inputs }) => inputs), outputs: all(({ outputs }) => outputs) };
}
