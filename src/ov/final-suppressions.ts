import { type Graph, is, type Node, topological } from './graph.ts';
import { NonMaxSuppression } from './ops/sort.ts';

/** Returns the NMS nodes, and nodes with bodies that contain some, that no other of them depends on, inputs first. */
export function finalSuppressions(graph: Graph): readonly Node[] {
  const before = new Set<Node>();
  const final: Node[] = [];
  for (const node of topological(graph).toReversed()) {
    const suppresses = isSuppression(node);
    if (suppresses && !before.has(node)) final.push(node);
    if (suppresses || before.has(node)) for (const input of node.inputs) before.add(input.node);
  }
  return final.reverse();
}

/** Returns the NMS of a final node, or those in its bodies that no other of them depends on. */
export const suppressionsIn = (node: Node): readonly Node[] =>
  is(node, NonMaxSuppression) ? [node] : node.bodies.flatMap(body => finalSuppressions(body).flatMap(suppressionsIn));

const isSuppression = (node: Node): boolean =>
  is(node, NonMaxSuppression) || node.bodies.some(body => topological(body).some(isSuppression));
