import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkXmlPath } from '../api/save-model.ts';
import { checkTarget, checkTargetFolder } from '../platform/check-target.ts';
import { isWeightFile } from '../platform/model-files.ts';

/** Returns the path of the `.xml` of a converted model. @param name the name of the IR @param model path of what was converted */
export type IrPath = (name: string, model: string | undefined) => Promise<string>;

/**
 * Returns a function from a model's name to the path of its `.xml`: the output, or if that is a folder, as `ovc` takes it, a file of
 * this name in it. Without an output the file is in the current folder, and is `NAME-openvino.xml` where `NAME.bin` holds the weights
 * of the model itself, as those of many TensorFlow.js models do.
 *
 * @throws DecantError before any work is done: `invalid-argument` if the output is neither a folder nor an `.xml`, `io` if it cannot be
 * written
 */
export async function irPath(output: string | undefined): Promise<IrPath> {
  if (output === undefined) {
    await checkTargetFolder('.');
    return freePath;
  }
  if (/[/\\]$/.test(output) || (!output.endsWith('.xml') && (await isFolder(output)))) {
    await checkTargetFolder(output);
    return name => Promise.resolve(join(output, `${name}.xml`));
  }
  checkXmlPath(output);
  await checkTarget(output);
  return () => Promise.resolve(output);
}

async function freePath(name: string, model: string | undefined): Promise<string> {
  const isTaken = model !== undefined && (await isWeightFile(`${name}.bin`, model));
  return `${name}${isTaken ? '-openvino' : ''}.xml`;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    stats => stats.isDirectory(),
    () => false,
  );
