import { Builder } from '../../builder.ts';
import { constantOf, type Graph, type Node, topological, type Value } from '../../graph.ts';

/** A graph that computes `outputs` from `arguments`, which are values of the graph around it. */
export interface Closure {
  readonly graph: Graph;
  readonly arguments: readonly Value[];
}

/** Moves the nodes that `isInside` accepts, and constants, into a graph of their own. */
export function closeOver(name: string, outputs: readonly Value[], isInside: (node: Node) => boolean): Closure {
  const b = new Builder();
  const parameters = new Map<Value, Value>();
  const moved = new Map<Value, Value>();
  const outer: Graph = { name, inputs: new Map(), outputs: new Map(outputs.map((value, i) => [String(i), value])) };
  const inner = (value: Value): Value => {
    const known = moved.get(value);
    if (known !== undefined) return known;
    if (constantOf(value) !== undefined) return value;
    const parameter = parameters.get(value) ?? b.parameter(`arg${parameters.size}`, value.type, value.shape);
    parameters.set(value, parameter);
    return parameter;
  };
  for (const node of topological(outer)) {
    if (node.constant !== undefined || !isInside(node)) continue;
    b.origin = node.name;
    const made = b.rebuild(node, node.inputs.map(inner));
    node.outputs.forEach((value, i) => moved.set(value, made[i]!));
  }
  const results = new Map(outputs.map((value, i) => [`result${i}`, inner(value)]));
  const inputs = new Map([...parameters.values()].map(parameter => [parameter.node.name, parameter]));
  return { graph: { name, inputs, outputs: results }, arguments: [...parameters.keys()] };
}
