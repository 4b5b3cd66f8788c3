import { type Graph, type Node, topological } from '../ov/graph.ts';

/** The data flow of a graph, without constants. */
export interface Flow {
  /** Nodes that depend on the inputs, in topological order. */
  readonly nodes: readonly Node[];
  readonly sources: (node: Node) => readonly Node[];
  /** Number of box suppressions (NMS) before a node. */
  readonly round: (node: Node) => number;
  /** Whether a node applies weights to data, as convolutions do. */
  readonly isFilter: (node: Node) => boolean;
  /** Whether a node is a filter, or comes after one of its round. */
  readonly isFiltered: (node: Node) => boolean;
  /** The last filters of the round that depend on a node, without itself. */
  readonly ends: (node: Node) => ReadonlySet<Node>;
}

const FILTERS: ReadonlySet<string> = new Set([
  'Convolution',
  'GroupConvolution',
  'ConvolutionBackpropData',
  'GroupConvolutionBackpropData',
  'MatMul',
]);
const SUPPRESSIONS = /^(?:NonMaxSuppression|MulticlassNms|MatrixNms|DetectionOutput|Proposal)/;

export function flowOf(graph: Graph): Flow {
  const fromInput = new Set<Node>();
  const sources = new Map<Node, readonly Node[]>();
  const rounds = new Map<Node, number>();
  const filtered = new Set<Node>();
  const round = (node: Node): number => rounds.get(node) ?? 0;
  const isFilter = (node: Node): boolean => filters(node, fromInput);
  for (const node of topological(graph)) {
    const from = [...new Set(node.inputs.map(input => input.node))].filter(source => fromInput.has(source));
    if (from.length === 0 && node.op.type !== 'Parameter') continue;
    fromInput.add(node);
    sources.set(node, from);
    const own = Math.max(0, ...from.map(source => round(source) + (isSuppression(source) ? 1 : 0)));
    rounds.set(node, own);
    if (isFilter(node) || from.some(source => round(source) === own && filtered.has(source))) filtered.add(node);
  }
  const nodes = [...fromInput];
  const ends = new Map<Node, Set<Node>>(nodes.map(node => [node, new Set()]));
  for (const node of nodes.toReversed()) {
    const own = ends.get(node)!;
    const passed = isFilter(node) && own.size === 0 ? [node] : own;
    for (const source of sources.get(node)!.filter(each => round(each) === round(node) && !isSuppression(each))) {
      for (const end of passed) ends.get(source)!.add(end);
    }
  }
  return {
    nodes,
    sources: node => sources.get(node) ?? [],
    round,
    isFilter,
    isFiltered: node => filtered.has(node),
    ends: node => ends.get(node)!,
  };
}

export const isSuppression = (node: Node): boolean =>
  SUPPRESSIONS.test(node.op.type) || node.bodies.some(body => topological(body).some(isSuppression));

const filters = (node: Node, fromInput: ReadonlySet<Node>): boolean =>
  FILTERS.has(node.op.type) && node.inputs.filter(input => fromInput.has(input.node)).length === 1;
