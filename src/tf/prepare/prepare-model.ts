import { within } from '../../errors.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import type { TfModel } from '../model.ts';
import { selectIo, type IoOptions } from './select-io.ts';
import { selectSignature } from './select-signature.ts';
import { stripImageDecoding } from './strip-image-decoding.ts';
import { freezeTables } from './freeze-tables.ts';
import { freezeVariables } from './freeze-variables.ts';
import { inlineCalls } from './inline-calls.ts';
import { prune } from './prune.ts';
import { functionalizeControlFlow } from './functionalize/functionalize-control-flow.ts';

export interface PrepareOptions extends IoOptions {
  /** The signature's key; `serving_default`, or the only one, by default. */
  readonly signature?: string;
}

/** One step from closed model to closed model; `model` is the file, for what stands beside the graph. */
interface Lowering {
  readonly name: string;
  run(closed: InferenceGraph, model: TfModel, options: PrepareOptions): InferenceGraph;
}

/**
 * The steps, in order: raising while there are control inputs, on which it depends, and because nothing else goes through
 * cycles; pruning before and after inlining, which is cheap only for what is needed; choosing what goes in and out
 * when all tensors have the names that the closed graph shows, and before variables must have values.
 */
export const PREPARE_STEPS: readonly Lowering[] = [
  { name: 'raise-control-flow', run: functionalizeControlFlow },
  { name: 'prune', run: prune },
  { name: 'inline-calls', run: inlineCalls },
  { name: 'freeze-tables', run: freezeTables },
  { name: 'prune', run: prune },
  { name: 'cut-decoding', run: stripImageDecoding },
  { name: 'choose-ends', run: (closed, _model, options) => selectIo(closed, options) },
  { name: 'freeze-variables', run: freezeVariables },
];

/** What one use of a model needs, and nothing else: no calls, no variables, no dead nodes; `done` is told of each step. */
export function prepareModel(
  model: TfModel,
  options: PrepareOptions = {},
  done?: (step: string, closed: InferenceGraph) => void,
): InferenceGraph {
  const chosen = within('choosing the signature', () => selectSignature(model, options.signature));
  return PREPARE_STEPS.reduce((closed, step) => {
    const next = within(`in step ${step.name}`, () => step.run(closed, model, options));
    done?.(step.name, next);
    return next;
  }, chosen);
}
