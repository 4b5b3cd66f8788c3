import type { Source } from '../source/source.ts';
import type { ConvertedModel, ConvertModelOptions } from './convert-source.ts';
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
  return typeof input === 'string'
    ? convertResolvedModel(await resolveModel(input), options)
    : convert(input, undefined, options);
}

export const convertResolvedModel = ({ path }: ResolvedModel, options?: ConvertModelOptions): Promise<ConvertedModel> =>
  convert(path, path, options);

/** Imports the converter only now: it takes longer to load than the rest of the library. */
async function convert(
  input: string | Uint8Array | Source,
  path: string | undefined,
  options: ConvertModelOptions | undefined,
): Promise<ConvertedModel> {
  const [{ openSource }, { convertSource }] = await Promise.all([
    import('../platform/open-source.ts'),
    import('./convert-source.ts'),
  ]);
  const source = typeof input === 'string' || input instanceof Uint8Array ? await openSource(input) : input;
  return convertSource(source, path, options);
}
