import { DecantError } from '../../../errors.ts';
import type { InferenceGraph, InferenceOutput } from '../../inference-graph.ts';
import { isControl, nodeOf } from '../../tensor-name.ts';
import { Contexts } from './contexts.ts';
import { flowOp } from './flow-ops.ts';
import { findLoops } from './loops.ts';

/** Returns the outputs of a graph without signatures that are computed for every input. */
export function resultsOf({ graph, outputs }: InferenceGraph): readonly InferenceOutput[] {
  const tensors = outputs.map(({ tensor }) => tensor);
  const contexts = new Contexts(graph, findLoops(graph), tensors);
  const unconditional = outputs.filter(({ tensor }) => contexts.of(tensor).size === 0);
  if (unconditional.length === 0) {
    throw new DecantError('unsupported', 'every result of the graph is inside a loop or branch', {
      remedy: 'Choose a tensor behind it with --output, or pass a SavedModel, whose signature names the outputs.',
    });
  }
  const controls = new Set([...graph.values()].flatMap(({ inputs }) => inputs.filter(isControl).map(nodeOf)));
  const results = unconditional.filter(
    ({ tensor }) => !controls.has(nodeOf(tensor)) && flowOp(graph.get(nodeOf(tensor))) === undefined,
  );
  return results.length > 0 ? results : unconditional;
}
