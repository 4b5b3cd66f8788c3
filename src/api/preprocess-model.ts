import { checkArgument } from '../check.ts';
import { PREPROCESSING } from '../preprocess/check-steps.ts';
import { CONVERTED } from './check-converted.ts';
import type { ConvertedModel } from './convert-source.ts';
import { DecantError } from '../errors.ts';
import { addPreprocessing } from '../preprocess/add-preprocessing.ts';
import { toPreprocessing } from '../preprocess/parse-steps.ts';
import { preprocessInfo } from '../preprocess/preprocess-info.ts';
import type { Preprocessing } from '../preprocess/steps.ts';

/**
 * Adds preprocessing to a converted model, so that it takes raw frames. Returns a new model.
 *
 * @param steps an object, or text as for `decant convert --preprocess`: `u8,nhwc,bgr,resize=linear,mean=127.5`
 * @throws DecantError `invalid-argument`; `not-found` for an unknown input or output
 *
 * @example
 * ```ts
 * import { convertModel, preprocess, saveModel } from 'decant';
 *
 * const model = preprocess(await convertModel('centernet.json'), 'u8,nhwc,bgr,resize=linear');
 * await saveModel(model, 'camera.xml');
 * ```
 */
export function preprocess(model: ConvertedModel, steps: string | Preprocessing): ConvertedModel {
  checkArgument(model, 'the model', CONVERTED, 'Pass the result of convertModel.');
  if (typeof steps !== 'string') checkArgument(steps, 'the steps', PREPROCESSING);
  const wanted = toPreprocessing(steps);
  if (wanted.input !== undefined && model.rtInfo['preprocess'] !== undefined) {
    throw new DecantError('invalid-argument', 'the model already has preprocessing', {
      remedy: 'Add all steps at once, to the model without preprocessing.',
    });
  }
  const { crop, pad, fit } = wanted.input ?? {};
  if ([wanted.outputs, crop, pad, fit].some(step => step !== undefined)) rejectLayout(model);
  const { graph } = model.conversion;
  return {
    ...model,
    conversion: { ...model.conversion, graph: addPreprocessing(graph, wanted) },
    rtInfo: { ...model.rtInfo, ...preprocessInfo(graph, wanted) },
  };
}

/** With the layout ssd7, the model already computes boxes in the frame, which such steps would shift. */
function rejectLayout({ rtInfo: { conversion } }: ConvertedModel): void {
  if (typeof conversion !== 'object' || conversion['layout'] === undefined) return;
  throw new DecantError('invalid-argument', 'crop, pad, fit and output steps must be applied before the ssd7 layout', {
    remedy: 'Pass the steps and the layout to convertModel together.',
  });
}
