import { checkOptions, text } from '../check.ts';
import { toIr } from '../convert.ts';
import { labelLines } from '../labels/label-list.ts';
import { joinBin } from '../ov/ir/ir.ts';
import { CONVERT_OPTIONS } from './check-convert-options.ts';
import type { ConvertModelOptions } from './convert-model-options.ts';
import { convertSource } from './convert-source.ts';
import { type ModelBytes, openModelBytes } from './open-model-bytes.ts';

/** Options of `convertBytes`. */
export interface ConvertBytesOptions extends ConvertModelOptions {
  /** Name of the model in the IR and in errors; by default, that of the only file, or of the folder of all files. */
  readonly name?: string | undefined;
}

/** The files of an IR. */
export interface ConvertedBytes {
  readonly name: string;
  readonly xml: string;
  readonly bin: Uint8Array;
  /** Class names, one per line, for a `.labels.txt`; undefined if they are not known. */
  readonly labels: string | undefined;
  readonly notes: readonly string[];
}

/**
 * Converts a TensorFlow model from bytes to bytes, without files and without Node's modules: in browsers, workers and Deno.
 * The result equals what `convertModel` and `saveModel` write.
 *
 * @throws DecantError `invalid-argument` for anything but bytes, and the errors of `convertModel`
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { convertBytes } from 'decant/convert';
 *
 * const files = { 'model.json': await readFile('centernet.json'), 'centernet.bin': await readFile('centernet.bin') };
 * const { xml, bin } = await convertBytes(files, {
 *   onStep: ({ name, progress }) => console.log(name, `${Math.round(100 * progress)} %`),
 * });
 * console.log(xml.length, bin.byteLength);
 * ```
 */
export async function convertBytes(model: ModelBytes, options: ConvertBytesOptions = {}): Promise<ConvertedBytes> {
  checkOptions(options, { ...CONVERT_OPTIONS, name: text });
  const { name, ...rest } = options;
  const converted = await convertSource(await openModelBytes(model, name), undefined, rest);
  const { xml, bin } = toIr(converted.conversion.graph, converted.rtInfo);
  return {
    name: converted.name,
    xml,
    bin: joinBin(bin),
    labels: converted.labels && labelLines(converted.labels),
    notes: converted.conversion.notes,
  };
}
