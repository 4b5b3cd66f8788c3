import { type Graph, topological } from './graph.ts';

export function countOvOps(graph: Graph): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  const count = (part: Graph): void => {
    for (const { op, bodies } of topological(part)) {
      counts.set(op.type, (counts.get(op.type) ?? 0) + 1);
      bodies.forEach(count);
    }
  };
  count(graph);
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
