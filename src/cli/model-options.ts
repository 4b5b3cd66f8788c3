import { type Command, Option } from 'commander';
import type { ConvertModelOptions } from '../convert-model.ts';
import type { Labels } from '../detect/labels.ts';

/** The options of every command that converts a model. */
export interface ModelOptions {
  readonly fp16: boolean;
  readonly inputShape?: string;
  readonly signature?: string;
}

export const withModelOptions = (command: Command): Command =>
  command
    .addOption(new Option('--no-fp16', 'store weights as f32'))
    .option('--input-shape <shape>', "fix the input's sizes: [1,512,512,3], or name[1,512,512,3] of several inputs")
    .option('--signature <key>', "the SavedModel's signature to convert");

export const convertOptions = (
  { fp16, inputShape, signature }: ModelOptions,
  labels?: Labels,
): ConvertModelOptions => ({
  compressToFp16: fp16,
  ...(inputShape === undefined ? {} : { inputShapes: inputShape }),
  ...(signature === undefined ? {} : { signature }),
  ...(labels === undefined ? {} : { labels }),
});

/** Labels from a file. */
export async function labelsFrom(path: string | undefined, firstId = 0): Promise<Labels | undefined> {
  if (path === undefined) return undefined;
  const [{ parseLabels }, { readTextFile }] = await Promise.all([
    import('../detect/parse-labels.ts'),
    import('../platform/read-text-file.ts'),
  ]);
  return parseLabels(await readTextFile(path), path, firstId);
}
