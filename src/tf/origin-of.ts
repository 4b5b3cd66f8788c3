import type { TfGraph, TfNode } from './model.ts';
import { isControl, nodeOf, outputIndexOf } from './tensor-name.ts';

/** A node, and which of its outputs. */
export interface Origin {
  readonly node: TfNode;
  readonly index: number;
}

/** Where a tensor comes from, seen through nodes that only pass it on; undefined where the graph does not hold it. */
export function originOf(graph: TfGraph, tensor: string | undefined): Origin | undefined {
  const passed = new Set<TfNode>();
  for (let current = tensor; current !== undefined;) {
    const node = graph.get(nodeOf(current));
    if (node === undefined || passed.has(node)) return undefined;
    passed.add(node);
    const next = node.op === 'Identity' ? node.inputs.find(input => !isControl(input)) : undefined;
    if (next === undefined) return { node, index: outputIndexOf(current) };
    current = next;
  }
  return undefined;
}
