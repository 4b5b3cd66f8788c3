import { realpath } from 'node:fs/promises';
import type { ConvertedModel } from './convert-model.ts';
import { toIr } from '../convert.ts';
import { labelLines } from '../labels/label-list.ts';
import { labelsPath } from './ir-info.ts';
import { binLength, type BinPart } from '../ov/ir/ir.ts';
import { DecantError } from '../errors.ts';
import { weightFilesAt } from '../platform/model-files.ts';
import { writeFiles } from '../platform/write-files.ts';

/** The files of an IR, by their paths, and their sizes in bytes. */
export interface SavedModel {
  readonly xml: string;
  readonly bin: string;
  /** The names of the classes as they are, a line each from class 0 on, where they are known. */
  readonly labels?: string;
  readonly xmlBytes: number;
  readonly binBytes: number;
  /** How many bytes of the weights are elements of each type, by OpenVINO's names of types. */
  readonly bytesByType: Readonly<Record<string, number>>;
}

/**
 * Writes the IR of a converted model: `path`, which ends in `.xml`, the weights beside it in `.bin`, and where the names of
 * the classes are known those in `.labels.txt`: an IR itself cannot hold names with spaces.
 *
 * @throws DecantError `invalid-argument` for another ending, and where the weights of the TensorFlow model would be written
 * over; `io` when it cannot be written; nothing is half-written
 */
export async function saveModel(model: ConvertedModel, path: string): Promise<SavedModel> {
  if (!path.endsWith('.xml')) {
    throw new DecantError('invalid-argument', `'${path}' does not end in .xml`, {
      remedy: 'An IR is two files, NAME.xml and NAME.bin: give the path of the first one.',
    });
  }
  const bin = `${path.slice(0, -'.xml'.length)}.bin`;
  if (model.path !== undefined) await refuseWeightsOf(model.path, bin);
  const ir = toIr(model.conversion.graph, model.rtInfo);
  const xml = new TextEncoder().encode(ir.xml);
  const labels = model.labels === undefined ? undefined : { path: labelsPath(path), text: labelLines(model.labels) };
  // The weights come first: an .xml that is there then always has them.
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

/** The weights of a TensorFlow.js model may well lie where those of its IR would go. */
async function refuseWeightsOf(model: string, target: string): Promise<void> {
  const weights = await Promise.all((await weightFilesAt(model)).map(withoutLinks));
  if (!weights.includes(await withoutLinks(target))) return;
  throw new DecantError('invalid-argument', `'${target}' holds the weights of the model that was converted`, {
    remedy: 'Choose another name or folder for the IR.',
  });
}

/** Of what is not there, the path as it is. */
const withoutLinks = (path: string): Promise<string> => realpath(path).catch(() => path);

/** Part by part, so that of weights that are computed now no two are in memory at once. */
function* bytesOfParts(parts: readonly BinPart[]): Generator<Uint8Array> {
  for (const part of parts) yield part.bytes();
}
