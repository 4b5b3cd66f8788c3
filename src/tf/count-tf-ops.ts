import { type InferenceGraph, nodesOf } from './inference-graph.ts';

export function countTfOps(model: InferenceGraph): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { op } of nodesOf(model)) counts.set(op, (counts.get(op) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
