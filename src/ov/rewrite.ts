import { Builder } from './builder.ts';
import { countUses, type Graph, type Node, topological, type Value } from './graph.ts';

export interface RewriteContext {
  readonly b: Builder;
  /** Number of consumers, graph outputs included. */
  readonly uses: (value: Value) => number;
}

/** Returns new values for the outputs of a node, whose inputs are already rewritten, or `undefined` to keep it. */
export type RewriteNode = (node: Node, context: RewriteContext) => readonly Value[] | undefined;

/**
 * Applies `rewriteNode` to every node, inputs first, and to bodies before the node that contains them. Returns the same
 * graph if nothing changes.
 */
export function rewrite(graph: Graph, rewriteNode: RewriteNode): Graph {
  const b = new Builder();
  let counted: ReadonlyMap<Value, number> | undefined;
  const countOf = (value: Value): number | undefined => (counted ??= countUses(graph)).get(value);
  // A replacement takes over the consumers of the value that it replaces. A value made within a rule has one consumer.
  const inherited = new Map<Value, number>();
  const context: RewriteContext = { b, uses: value => inherited.get(value) ?? countOf(value) ?? 1 };
  return rebuild(
    graph,
    b,
    body => rewrite(body, rewriteNode),
    (node, rebuilt) => {
      const outputs = rewriteOutputs(rebuilt, rewriteNode, context);
      if (outputs === node.outputs) return outputs;
      for (const [i, value] of node.outputs.entries()) {
        const output = outputs[i]!;
        if (output === value) continue;
        inherited.set(output, (inherited.get(output) ?? countOf(output) ?? 0) + (countOf(value) ?? 0));
      }
      return outputs;
    },
  );
}

/**
 * Rebuilds every node whose inputs or bodies have changed, inputs first, and replaces its outputs by those that `change`
 * returns, which takes the node as it was and its outputs now. Returns the same graph if nothing changes.
 */
export function rebuild(
  graph: Graph,
  b: Builder,
  rebuildBody: (body: Graph) => Graph,
  change: (node: Node, rebuilt: readonly Value[]) => readonly Value[],
): Graph {
  const replaced = new Map<Value, Value>();
  const now = (value: Value): Value => replaced.get(value) ?? value;
  for (const node of topological(graph)) {
    b.origin = node.name;
    const outputs = change(node, withInputs(node, now, rebuildBody, b));
    if (outputs === node.outputs) continue;
    for (const [i, value] of node.outputs.entries()) {
      if (outputs[i] !== value) replaced.set(value, outputs[i]!);
    }
  }
  return withOutputs(graph, now);
}

function withInputs(
  node: Node,
  now: (value: Value) => Value,
  rewriteBody: (graph: Graph) => Graph,
  b: Builder,
): readonly Value[] {
  const inputs = mapSame(node.inputs, now);
  const bodies = mapSame(node.bodies, rewriteBody);
  return inputs === node.inputs && bodies === node.bodies ? node.outputs : b.rebuild(node, inputs, bodies);
}

/** Returns the same list if no item changes: most nodes stay as they are in most passes. */
function mapSame<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const item = change(items[i]!);
    if (item !== items[i]) changed ??= items.slice();
    if (changed !== undefined) changed[i] = item;
  }
  return changed ?? items;
}

/** Constant folding may have replaced some of the outputs, or the node that computes them. */
function rewriteOutputs(
  outputs: readonly Value[],
  rewriteNode: RewriteNode,
  context: RewriteContext,
): readonly Value[] {
  const node = (outputs.find(value => value.node.constant === undefined) ?? outputs[0])?.node;
  if (node === undefined) return outputs;
  const isOwn = (value: Value, i: number): boolean => value === node.outputs[i];
  if (outputs !== node.outputs && !outputs.every((value, i) => isOwn(value, i) || value.node.constant !== undefined))
    return outputs;
  const rewritten = rewriteNode(node, context);
  return rewritten === undefined ? outputs : outputs.map((value, i) => (isOwn(value, i) ? rewritten[i]! : value));
}

export function withOutputs(graph: Graph, now: (value: Value) => Value): Graph {
  const outputs = new Map([...graph.outputs].map(([name, value]) => [name, now(value)]));
  return [...graph.outputs].every(([name, value]) => outputs.get(name) === value) ? graph : { ...graph, outputs };
}

export function untilStable(graph: Graph, step: (graph: Graph) => Graph, limit = 10): Graph {
  let current = graph;
  for (let i = 0; i < limit; i++) {
    const next = step(current);
    if (next === current) break;
    current = next;
  }
  return current;
}
