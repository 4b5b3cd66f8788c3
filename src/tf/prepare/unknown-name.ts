import { DecantError } from '../../errors.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import { nearestNames } from '../nearest-names.ts';

/** The error for an input or output that a model does not have: what it has, and what may have been meant. */
export function unknownName(
  kind: 'input' | 'input or inner tensor' | 'output or inner tensor',
  name: string,
  { graph, inputs, outputs }: InferenceGraph,
): DecantError {
  const [ins, outs] = [inputs.map(each => each.name), outputs.map(each => each.name)];
  const inner = kind === 'input' ? [] : graph.keys();
  const nearest = nearestNames(name, new Set([...(kind.startsWith('input') ? ins : outs), ...inner]));
  const hint = nearest.length === 0 ? '' : `Did you mean ${nearest.map(each => `'${each}'`).join(' or ')}? `;
  return new DecantError('not-found', `there is no ${kind} '${name}'`, {
    remedy: `${hint}Its inputs are ${ins.join(', ') || 'none'}; its outputs are ${outs.join(', ')}.`,
  });
}
