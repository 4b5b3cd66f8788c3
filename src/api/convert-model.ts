import { checkArgument, checkOptions, either, text, withMethods } from '../check.ts';
import { type Bytes, isBytes, readBytes } from '../source/bytes.ts';
import type { Source } from '../source/source.ts';
import { CONVERT_OPTIONS } from './check-convert-options.ts';
import type { ConvertModelOptions } from './convert-model-options.ts';
import type { ConvertedModel } from './convert-source.ts';
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
  input: string | Bytes | Source,
  options: ConvertModelOptions = {},
): Promise<ConvertedModel> {
  checkArgument(input, 'the model', MODEL);
  checkOptions(options, CONVERT_OPTIONS);
  return typeof input === 'string'
    ? convertResolvedModel(await resolveModel(input), options)
    : convert(input, undefined, options);
}

const MODEL = either(
  'a path, a name, a URL, bytes or a source',
  text,
  (value, what) => (isBytes(value) ? undefined : what),
  withMethods('a source', 'list', 'size', 'read', 'open'),
);

export const convertResolvedModel = ({ path }: ResolvedModel, options?: ConvertModelOptions): Promise<ConvertedModel> =>
  convert(path, path, options);

/** Imports the converter only now: it takes longer to load than the rest of the library. */
async function convert(
  input: string | Bytes | Source,
  path: string | undefined,
  options: ConvertModelOptions | undefined,
): Promise<ConvertedModel> {
  const [{ openSource }, { convertSource }] = await Promise.all([
    import('../platform/open-source.ts'),
    import('./convert-source.ts'),
  ]);
  if (isBytes(input)) return convertSource(await openSource(await readBytes(input, 'model')), path, options);
  return convertSource(typeof input === 'string' ? await openSource(input) : input, path, options);
}
