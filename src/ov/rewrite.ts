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
  const counts = countUses(graph);
  // A replacement takes over the consumers of the value that it replaces. A value made within a rule has one consumer.
  const inherited = new Map<Value, number>();
  const context: RewriteContext = { b, uses: value => inherited.get(value) ?? counts.get(value) ?? 1 };
  return rebuild(
    graph,
    b,
    body => rewrite(body, rewriteNode),
    (node, rebuilt) => {
      const outputs = rewriteOutputs(rebuilt, rewriteNode, context);
      node.outputs.forEach((value, i) => {
        const output = outputs[i]!;
        if (output === value) return;
        inherited.set(output, (inherited.get(output) ?? counts.get(output) ?? 0) + (counts.get(value) ?? 0));
      });
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
    node.outputs.forEach((value, i) => {
      if (outputs[i] !== value) replaced.set(value, outputs[i]!);
    });
  }
  return withOutputs(graph, now);
}

function withInputs(
  node: Node,
  now: (value: Value) => Value,
  rewriteBody: (graph: Graph) => Graph,
  b: Builder,
): readonly Value[] {
  const inputs = node.inputs.map(now);
  const bodies = node.bodies.map(rewriteBody);
  const same = inputs.every((value, i) => value === node.inputs[i]) && bodies.every((g, i) => g === node.bodies[i]);
  return same ? node.outputs : b.rebuild(node, inputs, bodies);
}

/** Constant folding may have replaced some of the outputs, or the node that computes them. */
function rewriteOutputs(
  outputs: readonly Value[],
  rewriteNode: RewriteNode,
  context: RewriteContext,
): readonly Value[] {
  const node = (outputs.find(value => value.node.constant === undefined) ?? outputs[0])?.node;
  const isOwn = (value: Value, i: number): boolean => value === node?.outputs[i];
  if (node === undefined || !outputs.every((value, i) => isOwn(value, i) || value.node.constant !== undefined))
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
