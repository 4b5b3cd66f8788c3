import { Builder } from '../builder.ts';
import type { Graph, Value } from '../graph.ts';
import { Reshape } from '../ops/shape.ts';

/**
 * A compiled model keeps only one name per tensor, so public names that share a value are separated by Reshapes to the same
 * shape. After a Convert to the same type, OpenVINO's CPU plugin would return memory that was never written, for an input of
 * open size that is smaller than in the first inference.
 */
export function separateOutputs(graph: Graph): Graph {
  const b = new Builder();
  const named = new Set<Value>(graph.inputs.values());
  const own = (name: string, value: Value): Value => {
    if (!named.has(value) || value.type === 'string') return value;
    return b.at(name, () => b.add(Reshape, [value, b.i64(...value.shape.map(() => 0))], { special_zero: true }));
  };
  const outputs = new Map<string, Value>();
  for (const [name, value] of graph.outputs) {
    const output = own(name, value);
    named.add(output);
    outputs.set(name, output);
  }
  return { ...graph, outputs };
}
