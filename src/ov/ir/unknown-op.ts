import { text } from '../attributes.ts';
import { type Graph, type Node, type Op, topological, type Type } from '../graph.ts';
import { defineOp } from '../op.ts';

const unknown = new WeakSet<Op>();

/** An op that decant does not know: keeps its attributes and output types. */
export function unknownOp(type: string, opset: string, attributes: readonly string[], types: readonly Type[]): Op {
  const op: Op = defineOp({
    type,
    opset,
    arity: [0, Infinity],
    attributes: Object.fromEntries(attributes.map(name => [name, text()])),
    infer: () => types,
  });
  unknown.add(op);
  return op;
}

/** The nodes of a graph and its bodies whose ops decant does not know. */
export const unknownOpsIn = (graph: Graph): readonly Node[] =>
  topological(graph).flatMap(node => [...(unknown.has(node.op) ? [node] : []), ...node.bodies.flatMap(unknownOpsIn)]);
