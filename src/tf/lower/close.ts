import { within } from '../../errors.ts';
import type { ClosedModel } from '../closed-model.ts';
import type { TfModel } from '../model.ts';
import { chooseSignature } from './choose-signature.ts';
import { prune } from './prune.ts';

export interface CloseOptions {
  /** The signature's key; `serving_default`, or the only one, by default. */
  readonly signature?: string;
}

/** One step from TensorFlow graph to TensorFlow graph. */
type Lowering = (model: ClosedModel) => ClosedModel;

/** The steps, in order. */
const LOWERINGS: readonly (readonly [name: string, lowering: Lowering])[] = [['prune', prune]];

/** What one use of a model needs, and nothing else. */
export function closeModel(model: TfModel, options: CloseOptions = {}): ClosedModel {
  const chosen = within('choosing the signature', () => chooseSignature(model, options.signature));
  return LOWERINGS.reduce((closed, [name, lowering]) => within(`in step ${name}`, () => lowering(closed)), chosen);
}
