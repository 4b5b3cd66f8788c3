import { withinAsync } from '../../src/errors.ts';
import type { InferenceGraph } from '../../src/tf/inference-graph.ts';
import type { TfModel } from '../../src/tf/model.ts';
import { PREPARE_STEPS } from '../../src/tf/prepare/prepare-steps.ts';
import { selectSignature } from '../../src/tf/prepare/select-signature.ts';

/** Runs the prepare steps of a conversion. */
export async function prepareModel(model: TfModel): Promise<InferenceGraph> {
  let graph = selectSignature(model);
  for (const step of PREPARE_STEPS) {
    graph = await withinAsync(`in step ${step.name}`, async () => step.run(graph, model, {}));
  }
  return graph;
}
