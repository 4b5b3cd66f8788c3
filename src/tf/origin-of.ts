import type { TfGraph, TfNode } from './model.ts';
import { isControl, nodeOf, outputIndexOf } from './tensor-name.ts';

export interface Origin {
  readonly node: TfNode;
  readonly index: number;
}

export function originOf(graph: TfGraph, tensor: string | undefined): Origin | undefined {
  const visited = new Set<TfNode>();
  for (let current = tensor; current !== undefined;) {
    const node = graph.get(nodeOf(current));
    if (node === undefined || visited.has(node)) return undefined;
    visited.add(node);
    const next = node.op === 'Identity' ? node.inputs.find(input => !isControl(input)) : undefined;
    if (next === undefined) return { node, index: outputIndexOf(current) };
    current = next;
  }
  return undefined;
}
