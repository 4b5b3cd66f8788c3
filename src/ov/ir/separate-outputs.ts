import { Builder } from '../builder.ts';
import type { Graph, Value } from '../graph.ts';
import { Convert } from '../ops/type.ts';

/**
 * The graph with a tensor of its own for every public name. A compiled model knows a tensor by one name: of two outputs
 * that are one value, and of an output that is an input, the other name would be lost.
 */
export function separateOutputs(graph: Graph): Graph {
  const b = new Builder();
  const named = new Set<Value>(graph.inputs.values());
  const own = (name: string, value: Value): Value => {
    // A Convert to the same type costs nothing; OpenVINO has none of strings.
    if (!named.has(value) || value.type === 'string') return value;
    return b.at(name, () => b.add(Convert, [value], { destination_type: value.type }));
  };
  const outputs = new Map<string, Value>();
  for (const [name, value] of graph.outputs) {
    const output = own(name, value);
    named.add(output);
    outputs.set(name, output);
  }
  return { ...graph, outputs };
}
