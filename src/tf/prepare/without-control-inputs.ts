import type { InferenceGraph } from '../inference-graph.ts';
import { isControl } from '../tensor-name.ts';

/** Control dependencies order side effects and asserts, of which inference has none. */
export function withoutControlInputs(model: InferenceGraph): InferenceGraph {
  const graph = [...model.graph.values()].map(
    node => [node.name, { ...node, inputs: node.inputs.filter(input => !isControl(input)) }] as const,
  );
  return { ...model, graph: new Map(graph) };
}
