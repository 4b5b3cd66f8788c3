import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkXmlPath } from '../api/save-model.ts';

/**
 * Returns a function from a model's name to the path of its `.xml`: the output, or if that is a folder, as `ovc` takes it, a file of
 * this name in it.
 *
 * @throws DecantError `invalid-argument` before any work is done, if the output is neither a folder nor an `.xml`
 */
export async function irPath(output: string | undefined): Promise<(name: string) => string> {
  if (output === undefined) return name => `${name}.xml`;
  if (/[/\\]$/.test(output) || (!output.endsWith('.xml') && (await isFolder(output)))) {
    return name => join(output, `${name}.xml`);
  }
  checkXmlPath(output);
  return () => output;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    stats => stats.isDirectory(),
    () => false,
  );
