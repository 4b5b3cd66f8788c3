import { openSource } from '../platform/open-source.ts';
import type { Source } from '../source/source.ts';
import { type ConvertedModel, type ConvertModelOptions, convertSource } from './convert-source.ts';
import { resolveModel, type ResolvedModel } from './resolve-model.ts';

/**
 * Converts a TensorFlow model to OpenVINO. Weights are read from the model's files when the result is saved, so the files
 * must not change until then.
 *
 * @param input path of a folder, file or archive; a name or URL; bytes; or a source
 * @throws DecantError `not-found`, `not-a-model`, `malformed`; `unsupported`, with all ops without a translation; those of
 * `downloadModel`; with a layout, `unsupported` if the model is not a known kind of detector
 *
 * @example
 * ```ts
 * import { convertModel, saveModel } from 'decant';
 *
 * const model = await convertModel('centernet.json', { batch: 1, layout: 'ssd7' });
 * const { xml, bin } = await saveModel(model, 'centernet.xml');
 * console.log(xml, bin, model.labels?.size);
 * ```
 */
export async function convertModel(
  input: string | Uint8Array | Source,
  options: ConvertModelOptions = {},
): Promise<ConvertedModel> {
  if (typeof input === 'string') return convertResolvedModel(await resolveModel(input), options);
  return convertSource(input instanceof Uint8Array ? await openSource(input) : input, undefined, options);
}

export const convertResolvedModel = async (
  { path }: ResolvedModel,
  options?: ConvertModelOptions,
): Promise<ConvertedModel> => convertSource(await openSource(path), path, options);
