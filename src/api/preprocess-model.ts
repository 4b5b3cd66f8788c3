import type { ConvertedModel } from './convert-model.ts';
import { DecantError } from '../errors.ts';
import { addPreprocessing } from '../preprocess/add-preprocessing.ts';
import { parseSteps } from '../preprocess/parse-steps.ts';
import { preprocessInfo } from '../preprocess/preprocess-info.ts';
import type { Preprocessing } from '../preprocess/steps.ts';

/**
 * The model with steps of its own before and behind it, so that frames go in as they come; the one given stays as it is.
 *
 * @param steps an object, or the text that `decant convert --preprocess` takes: `u8,nhwc,bgr,resize=linear,mean=127.5`
 * @throws DecantError `invalid-argument`, `not-found` for an input or output that is not there
 */
export function preprocess(model: ConvertedModel, steps: string | Preprocessing): ConvertedModel {
  const wanted = typeof steps === 'string' ? { input: parseSteps(steps) } : steps;
  if (wanted.input !== undefined && model.rtInfo['preprocess'] !== undefined) {
    throw new DecantError('invalid-argument', 'the model takes frames already', {
      remedy: 'Give all steps at once, to the model without any.',
    });
  }
  if (
    wanted.outputs !== undefined ||
    wanted.input?.fit !== undefined ||
    (wanted.input?.crop ?? wanted.input?.pad) !== undefined
  ) {
    refuseLayout(model);
  }
  const { graph } = model.conversion;
  return {
    ...model,
    conversion: { ...model.conversion, graph: addPreprocessing(graph, wanted) },
    rtInfo: { ...model.rtInfo, ...preprocessInfo(graph, wanted) },
  };
}

/** Rows of the layout ssd7 tell where an object is in the frame, and would not know of steps that move it there. */
function refuseLayout({ rtInfo: { conversion } }: ConvertedModel): void {
  if (typeof conversion !== 'object' || conversion['layout'] === undefined) return;
  throw new DecantError('invalid-argument', 'the outputs are in a layout that such steps have to stand before', {
    remedy: 'Give steps and layout to convertModel together.',
  });
}
