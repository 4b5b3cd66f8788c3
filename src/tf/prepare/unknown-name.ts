import { DecantError } from '../../errors.ts';
import { nearestHint } from '../../nearest-names.ts';
import type { InferenceGraph } from '../inference-graph.ts';

export function unknownName(
  kind: 'input' | 'input or tensor' | 'output or tensor',
  name: string,
  { graph, inputs, outputs }: InferenceGraph,
): DecantError {
  const inputNames = inputs.map(each => each.name);
  const outputNames = outputs.map(each => each.name);
  const inner = kind === 'input' ? [] : graph.keys();
  const hint = nearestHint(name, new Set([...(kind.startsWith('input') ? inputNames : outputNames), ...inner]));
  return new DecantError('not-found', `the model has no ${kind} '${name}'`, {
    remedy: `${hint}Choose from the inputs ${inputNames.join(', ') || '(none)'} and the outputs ${outputNames.join(', ')}.`,
  });
}
