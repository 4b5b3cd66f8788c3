import { checkArgument, checkOptions, iterable, text } from '../check.ts';
import type { CalibrationInput } from './calibration-set.ts';
import { QUANTIZE_OPTIONS } from './check-quantize-options.ts';
import type { QuantizeOptions } from './quantize-options.ts';
import type { QuantizedModel } from './quantized-model.ts';
import { resolveModel } from './resolve-model.ts';

/**
 * Quantizes a model to 8-bit integers (int8). Weights take a quarter of the space, and CPUs with VNNI or AMX instructions run
 * convolutions a few times faster. The model runs on images to find the ranges of its activations: pass 100 to 300 that are
 * typical of its use, without annotations. The same images give the same model.
 *
 * @param model path of an IR (`.xml`), or a TensorFlow model: a path, name or URL
 * @throws DecantError those of `convertModel`; `invalid-argument` without usable images, `bad-image` if none can be read,
 * `unsupported` if no layer can be quantized or the model does not take images, `runtime-missing`, `cancelled`
 *
 * @example
 * ```ts
 * import { quantizeModel, saveModel } from 'decant';
 *
 * const model = await quantizeModel('centernet.json', ['photo.jpg'], { preset: 'performance' });
 * await saveModel(model, 'centernet-int8.xml');
 * console.log(model.quantized.length, model.kept, model.warnings);
 * ```
 */
export async function quantizeModel(
  model: string,
  images: Iterable<CalibrationInput>,
  options: QuantizeOptions = {},
): Promise<QuantizedModel> {
  checkArgument(model, 'the model', text);
  checkArgument(images, 'the images', iterable);
  checkOptions(options, QUANTIZE_OPTIONS);
  // Imported only now: it loads the converter.
  const { quantizeResolved } = await import('./quantize-resolved.ts');
  return quantizeResolved(await resolveModel(model), images, options);
}
