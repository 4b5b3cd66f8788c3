import type { ConvertedModel } from './convert-model.ts';
import { toIr } from './convert.ts';
import { binLength } from './ov/ir/ir.ts';
import { DecantError } from './errors.ts';
import { writeFiles } from './platform/write-files.ts';

export interface SavedModel {
  readonly xml: string;
  readonly bin: string;
  readonly xmlBytes: number;
  readonly binBytes: number;
}

/**
 * Writes the IR of a converted model: `path`, which ends in `.xml`, and the weights beside it in `.bin`.
 *
 * @throws DecantError `invalid-argument` for another ending, `io` when it cannot be written; nothing is half-written
 */
export async function saveModel(model: ConvertedModel, path: string): Promise<SavedModel> {
  if (!path.endsWith('.xml')) {
    throw new DecantError('invalid-argument', `'${path}' does not end in .xml`, {
      remedy: 'An IR is two files, NAME.xml and NAME.bin: give the path of the first one.',
    });
  }
  const ir = toIr(model.stages.graph, model.rtInfo);
  const bin = `${path.slice(0, -'.xml'.length)}.bin`;
  const xml = new TextEncoder().encode(ir.xml);
  // The weights come first: an .xml that is there then always has them.
  await writeFiles([
    { path: bin, parts: ir.bin },
    { path, parts: [xml] },
  ]);
  return { xml: path, bin, xmlBytes: xml.byteLength, binBytes: binLength(ir) };
}
