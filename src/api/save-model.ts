import { checkArgument, text } from '../check.ts';
import { CONVERTED } from './check-converted.ts';
import type { ConvertedModel } from './convert-source.ts';
import { labelLines } from '../labels/label-list.ts';
import { labelsPath } from './ir-info.ts';
import { binLength, type BinPart } from '../ov/ir/ir.ts';
import { DecantError } from '../errors.ts';
import { isWeightFile } from '../platform/model-files.ts';
import { borrowScratch, handBack } from '../tensor/scratch.ts';
import { writeFiles } from '../platform/write-files.ts';

/** Paths, and sizes in bytes, of the files of an IR; without class names there is no labels file. */
export interface SavedModel {
  readonly xml: string;
  readonly bin: string;
  readonly labels?: string;
  readonly xmlBytes: number;
  readonly binBytes: number;
  readonly bytesByType: Readonly<Record<string, number>>;
}

/** A converted or quantized model. */
export type SavableModel = Pick<ConvertedModel, 'path' | 'labels' | 'rtInfo'> & {
  readonly conversion: Pick<ConvertedModel['conversion'], 'graph'>;
};

/**
 * Writes the IR of a converted or quantized model: the `.xml` at `path`, the weights next to it as `.bin`, and the class names, if known,
 * as `.labels.txt`, because an IR cannot store names with spaces. No file is ever half-written.
 *
 * @throws DecantError `invalid-argument` if `path` does not end in `.xml`, or the weights of the TensorFlow model would be
 * overwritten; `io` if writing fails
 *
 * @example
 * ```ts
 * import { convertModel, saveModel } from 'decant';
 *
 * const { xml, bin, binBytes } = await saveModel(await convertModel('centernet.json'), 'ir/centernet.xml');
 * console.log(xml, bin, binBytes);
 * ```
 */
export async function saveModel(model: SavableModel, path: string): Promise<SavedModel> {
  checkArgument(model, 'the model', CONVERTED, 'Pass the result of convertModel.');
  checkArgument(path, 'the path', text);
  checkXmlPath(path);
  const bin = `${path.slice(0, -'.xml'.length)}.bin`;
  if (model.path !== undefined) await rejectWeightsOf(model.path, bin);
  // Imported only now: a program that saves has loaded the converter, and others need not.
  const { toIr } = await import('../convert.ts');
  const ir = toIr(model.conversion.graph, model.rtInfo);
  const xml = new TextEncoder().encode(ir.xml);
  const labels = model.labels === undefined ? undefined : { path: labelsPath(path), text: labelLines(model.labels) };
  // The weights come first, so an existing .xml always has them.
  await writeFiles([
    { path: bin, parts: bytesOfParts(ir.bin) },
    ...(labels === undefined ? [] : [{ path: labels.path, parts: [new TextEncoder().encode(labels.text)] }]),
    { path, parts: [xml] },
  ]);
  return {
    xml: path,
    bin,
    ...(labels && { labels: labels.path }),
    xmlBytes: xml.byteLength,
    binBytes: binLength(ir),
    bytesByType: ir.bytesByType,
  };
}

/** The weights of a TensorFlow.js model often have the path that the IR's would get. */
async function rejectWeightsOf(model: string, target: string): Promise<void> {
  if (!(await isWeightFile(target, model))) return;
  throw new DecantError('invalid-argument', `'${target}' contains the weights of the model being converted`, {
    remedy: 'Choose another name or folder for the IR.',
  });
}

/** One part at a time, so that at most one computed weight is in memory. */
function* bytesOfParts(parts: readonly BinPart[]): Generator<Uint8Array> {
  const scratch = borrowScratch();
  for (const part of parts) yield scratch.run(() => part.bytes());
  handBack(scratch);
}

/** @throws DecantError `invalid-argument` for a path that is not that of an `.xml` */
export function checkXmlPath(path: string): void {
  if (path.endsWith('.xml')) return;
  throw new DecantError('invalid-argument', `'${path}' does not end in .xml`, {
    remedy: 'Give the path of the .xml; the .bin is written next to it.',
  });
}
