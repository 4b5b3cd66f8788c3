import { within } from '../../src/errors.ts';
import type { InferenceGraph } from '../../src/tf/inference-graph.ts';
import type { TfModel } from '../../src/tf/model.ts';
import { PREPARE_STEPS } from '../../src/tf/prepare/prepare-steps.ts';
import { selectSignature } from '../../src/tf/prepare/select-signature.ts';

/** Runs the prepare steps of a conversion. */
export const prepareModel = (model: TfModel): InferenceGraph =>
  PREPARE_STEPS.reduce(
    (graph, step) => within(`in step ${step.name}`, () => step.run(graph, model, {})),
    selectSignature(model),
  );
