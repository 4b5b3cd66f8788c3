import { within } from '../../errors.ts';
import type { ClosedModel } from '../closed-model.ts';
import type { TfModel } from '../model.ts';
import { chooseSignature } from './choose-signature.ts';
import { freezeVariables } from './freeze-variables.ts';
import { inlineCalls } from './inline-calls.ts';
import { prune } from './prune.ts';

export interface CloseOptions {
  /** The signature's key; `serving_default`, or the only one, by default. */
  readonly signature?: string;
}

/** One step from closed model to closed model; `model` is the file, for what stands beside the graph. */
interface Lowering {
  readonly name: string;
  run(closed: ClosedModel, model: TfModel): ClosedModel;
}

/** The steps, in order; pruning before and after, because inlining is cheap only for what is needed. */
export const LOWERINGS: readonly Lowering[] = [
  { name: 'prune', run: prune },
  { name: 'inline-calls', run: (closed, { functions }) => inlineCalls(closed, functions) },
  { name: 'prune', run: prune },
  { name: 'freeze-variables', run: (closed, { variables }) => freezeVariables(closed, variables ?? new Map()) },
];

/** What one use of a model needs, and nothing else: no calls, no variables, no dead nodes. */
export function closeModel(model: TfModel, { signature }: CloseOptions = {}): ClosedModel {
  const chosen = within('choosing the signature', () => chooseSignature(model, signature));
  return LOWERINGS.reduce((closed, step) => within(`in step ${step.name}`, () => step.run(closed, model)), chosen);
}
