import { isStatic } from '../../../tensor/dim.ts';
import { type Graph, type Node, topological, type Value } from '../../graph.ts';
import { Convolution, ConvolutionBackpropData, GroupConvolution } from '../../ops/convolution.ts';
import type { RowAxis, RowsOf } from './row-axis.ts';
import { rowRule } from './row-rules.ts';

/** The part of a graph that computes rows one by one, such as masks of detections. */
export interface RowRegion {
  readonly count: number;
  readonly rowsOf: RowsOf;
  /** Inputs first. */
  readonly nodes: readonly Node[];
  /** Values from outside with a row along the first axis each. */
  readonly sources: readonly Value[];
  /** Values of the region that are not computed outside as well, and that the rest of the graph uses. */
  readonly results: readonly Value[];
}

const HEAVY = [Convolution, ConvolutionBackpropData, GroupConvolution];

const isHeavy = (node: Node): boolean => HEAVY.some(op => node.op === op);

/**
 * Returns the part of a graph with convolutions of a batch of rows, after the nodes of `first`.
 *
 * @param fewest number of rows
 */
export function rowRegion(graph: Graph, first: ReadonlySet<Node>, fewest: number): RowRegion | undefined {
  const order = topological(graph);
  const dependent = new Set<Node>(first);
  for (const node of order) if (node.inputs.some(input => dependent.has(input.node))) dependent.add(node);
  const after = order.filter(node => dependent.has(node));
  const batch = after.filter(isHeavy).map(node => node.inputs[0]!.shape[0]);
  const count = batch.find(size => typeof size === 'number' && size >= fewest) as number | undefined;
  if (count === undefined) return undefined;
  const { rows, nodes: ruled } = rowsIn(after, count);
  const heads = headsIn(order, ruled);
  if (heads.size === 0) return undefined;
  const inside = withNodesBefore(order, heads, ruled);
  const nodes = order.filter(node => inside.has(node));
  const used = new Set(nodes.flatMap(node => node.inputs));
  const outside = order.filter(node => !inside.has(node)).flatMap(node => node.inputs);
  const read = new Set([...outside, ...graph.outputs.values()]);
  return {
    count,
    rowsOf: value => rows.get(value),
    nodes,
    sources: [...used].filter(value => !inside.has(value.node) && rows.has(value)),
    results: [...read].filter(value => heads.has(value.node)),
  };
}

/** Finds the values with rows, and the nodes that compute some row by row. Rows begin along the first axis. */
function rowsIn(
  order: readonly Node[],
  count: number,
): { readonly rows: ReadonlyMap<Value, RowAxis>; readonly nodes: ReadonlySet<Node> } {
  const rows = new Map<Value, RowAxis>();
  const nodes = new Set<Node>();
  const rowsOf: RowsOf = value => rows.get(value);
  for (const node of order) {
    if (!node.outputs.every(({ shape }) => isStatic(shape))) continue;
    const found = node.inputs.some(rowsOf) ? rowRule(node.op)?.(node, rowsOf, count) : undefined;
    if (found !== undefined) nodes.add(node);
    for (const value of node.outputs) {
      if (found !== undefined) rows.set(value, found);
      else if (value.shape[0] === count) rows.set(value, { axis: 0, per: 1 });
    }
  }
  return { rows, nodes };
}

/** Heavy nodes, and those that depend on them row by row, as long as none depends on anything else that does. */
function headsIn(order: readonly Node[], candidates: ReadonlySet<Node>): ReadonlySet<Node> {
  const heads = new Set<Node>();
  const after = new Set<Node>();
  for (const node of order) {
    const uses = (nodes: ReadonlySet<Node>): boolean => node.inputs.some(input => nodes.has(input.node));
    const isHead = candidates.has(node) && !uses(after) && (isHeavy(node) || uses(heads));
    if (isHead) heads.add(node);
    else if (uses(heads) || uses(after)) after.add(node);
  }
  return heads;
}

/** Adds the nodes that heads depend on row by row. The rest of the graph may use these, too. */
function withNodesBefore(
  order: readonly Node[],
  heads: ReadonlySet<Node>,
  candidates: ReadonlySet<Node>,
): ReadonlySet<Node> {
  const inside = new Set<Node>(heads);
  for (const node of order.toReversed()) {
    if (!inside.has(node)) continue;
    for (const input of node.inputs) if (candidates.has(input.node)) inside.add(input.node);
  }
  return inside;
}
