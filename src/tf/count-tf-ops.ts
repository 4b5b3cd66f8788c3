import type { InferenceGraph } from './inference-graph.ts';

export function countTfOps({ graph, functions }: InferenceGraph): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const nodes of [graph, ...[...functions.values()].map(body => body.graph)]) {
    for (const { op } of nodes.values()) counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
