import { Builder } from './builder.ts';
import { countUses, type Graph, type Node, topological, type Value } from './graph.ts';

/**
 * New values for a node's outputs; `undefined`: not mine, keep the node. The node given has its rewritten inputs; `uses`
 * tells how many users a value has, for rules that may take a value apart only if nobody else needs it.
 */
export type Rule = (node: Node, b: Builder, uses: (value: Value) => number) => readonly Value[] | undefined;

/**
 * The graph with `rule` applied to every node, inputs first, bodies before the node that holds them. A rule sees what the
 * rule made of the node's inputs. The same graph comes back when nothing changed.
 */
export function rewrite(graph: Graph, rule: Rule): Graph {
  const b = new Builder();
  const replaced = new Map<Value, Value>();
  const now = (value: Value): Value => replaced.get(value) ?? value;
  const counts = countUses(graph);
  // A replacement serves all who used what it replaces; a value that only a rule has seen serves that rule's result.
  const inherited = new Map<Value, number>();
  const uses = (value: Value): number => inherited.get(value) ?? counts.get(value) ?? 1;
  for (const node of topological(graph)) {
    b.origin = node.name;
    const moved = move(node, now, body => rewrite(body, rule), b);
    const outputs = applyTo(moved, rule, b, uses);
    node.outputs.forEach((value, i) => {
      const output = outputs[i]!;
      if (output === value) return;
      replaced.set(value, output);
      inherited.set(output, (inherited.get(output) ?? counts.get(output) ?? 0) + (counts.get(value) ?? 0));
    });
  }
  return withOutputs(graph, now);
}

/** A node's outputs with its inputs and bodies replaced; the same ones where nothing is. */
function move(node: Node, now: (value: Value) => Value, body: (graph: Graph) => Graph, b: Builder): readonly Value[] {
  const inputs = node.inputs.map(now);
  const bodies = node.bodies.map(body);
  const same = inputs.every((value, i) => value === node.inputs[i]) && bodies.every((g, i) => g === node.bodies[i]);
  return same ? node.outputs : b.rebuild(node, inputs, bodies);
}

/** What the rule makes of the node behind `outputs`, unless folding left them without one node of their own. */
function applyTo(outputs: readonly Value[], rule: Rule, b: Builder, uses: (value: Value) => number): readonly Value[] {
  const node = outputs[0]?.node;
  if (node === undefined || !outputs.every((value, i) => value === node.outputs[i])) return outputs;
  return rule(node, b, uses) ?? outputs;
}

/** The graph with its outputs replaced; itself where they are the same. */
export function withOutputs(graph: Graph, now: (value: Value) => Value): Graph {
  const outputs = new Map([...graph.outputs].map(([name, value]) => [name, now(value)]));
  return [...graph.outputs].every(([name, value]) => outputs.get(name) === value) ? graph : { ...graph, outputs };
}

/** `step` again and again until nothing changes, `limit` times at most. */
export function untilStable(graph: Graph, step: (graph: Graph) => Graph, limit = 10): Graph {
  let current = graph;
  for (let i = 0; i < limit; i++) {
    const next = step(current);
    if (next === current) break;
    current = next;
  }
  return current;
}
