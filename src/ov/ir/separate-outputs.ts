import { Builder } from '../builder.ts';
import type { Graph, Value } from '../graph.ts';
import { Convert } from '../ops/type.ts';

/**
 * A compiled model keeps only one name per tensor, so public names that share a value are separated by identity
 * Converts.
 */
export function separateOutputs(graph: Graph): Graph {
  const b = new Builder();
  const named = new Set<Value>(graph.inputs.values());
  const own = (name: string, value: Value): Value => {
    // OpenVINO removes the Convert; it does not support Convert of strings.
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
