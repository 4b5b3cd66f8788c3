import { isStatic } from '../../../tensor/dim.ts';
import { countUses, type Graph, type Node, type Op, topological, type Value } from '../../graph.ts';
import { Convolution, GroupConvolution } from '../../ops/convolution.ts';
import { MatMul } from '../../ops/matrix.ts';
import { NonMaxSuppression } from '../../ops/sort.ts';

/** The part of a graph in which sizes depend on what an NMS selects. */
export interface Region {
  /** Inputs first; the NMS is one of them. */
  readonly nodes: readonly Node[];
  /** Its values that the rest of the graph uses. */
  readonly results: readonly Value[];
}

/** More nodes than a detector has between its NMS and its outputs. */
const NODE_LIMIT = 1000;

const HEAVY: ReadonlySet<Op> = new Set<Op>([Convolution, GroupConvolution, MatMul, NonMaxSuppression]);

/** Whether a node is too expensive to be in both branches of an If. */
const isHeavy = (node: Node): boolean => node.bodies.length > 0 || HEAVY.has(node.op);

const isDynamic = ({ shape }: Value): boolean => !isStatic(shape);

/** Whether the elements of a value are sizes, not all of which are known. */
const isSize = ({ partialValue }: Value): boolean => partialValue !== undefined && !isStatic(partialValue);

/** Returns undefined if the region contains another NMS, a convolution, or the like. */
export function regionAfter(graph: Graph, nms: Node): Region | undefined {
  const order = topological(graph);
  const dependent = new Set<Node>([nms]);
  for (const node of order) if (node.inputs.some(input => dependent.has(input.node))) dependent.add(node);
  const inside = new Set<Node>();
  for (const node of [...order].reverse()) {
    if (!dependent.has(node)) continue;
    const takesRows = node.inputs.some(input => dependent.has(input.node) && isDynamic(input));
    if (takesRows || node.outputs.some(isDynamic) || inside.has(node)) {
      inside.add(node);
      for (const { node: before } of node.inputs) if (dependent.has(before)) inside.add(before);
    }
  }
  for (const node of order) {
    const before = node.inputs.filter(input => dependent.has(input.node));
    if (before.some(isSize) && before.every(input => inside.has(input.node))) inside.add(node);
  }
  const nodes = order.filter(node => inside.has(node));
  if (nodes.length > NODE_LIMIT || nodes.some(node => node !== nms && isHeavy(node))) return undefined;
  const usedInside = new Map<Value, number>();
  for (const { inputs } of nodes) for (const input of inputs) usedInside.set(input, (usedInside.get(input) ?? 0) + 1);
  const uses = countUses(graph);
  const results = nodes.flatMap(node =>
    node.outputs.filter(value => (uses.get(value) ?? 0) > (usedInside.get(value) ?? 0)),
  );
  return { nodes, results };
}
