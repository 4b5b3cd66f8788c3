import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CacheableOptions } from '../api/model-cache.ts';
import type { Labels } from '../labels/labels.ts';
import { status } from './console.ts';
import { DecantError } from '../errors.ts';

/** The options of every command that converts a model. */
export interface ModelOptions {
  readonly fp16: boolean;
  readonly inputShape?: string;
  readonly signature?: string;
  readonly offline?: boolean;
}

/** Those of the commands that choose what goes in and out; elsewhere `--output` may be something else. */
export interface EndOptions extends ModelOptions {
  readonly compress_to_fp16?: boolean;
  readonly input?: string;
  readonly output?: string | undefined;
  readonly batch?: number;
  readonly preprocess?: string;
}

export const withModelOptions = (command: Command): Command =>
  command
    .addOption(new Option('--no-fp16', 'store weights as f32'))
    .option('--input-shape <shape>', "fix the input's sizes: [1,512,512,3], or name[1,512,512,3] of several inputs")
    .option('--signature <key>', "the SavedModel's signature to convert")
    .option('--offline', 'download nothing: take a model that is named from the cache');

/** Options of the commands that choose what goes in and out, in the words of OpenVINO's `ovc`. */
export const withEndOptions = (command: Command): Command =>
  command
    .option('--input <list>', 'inputs, or tensors inside to cut at, as name[1,?,1..640,3]{u8},name:1[...]')
    .option('--output <list>', 'outputs, or tensors inside to end at: name,name:1')
    .option('--batch <n>', 'the batch of all inputs that leave it open or have 1; ? leaves it open', toBatch)
    .option('--preprocess <steps>', 'have the model take frames as they come: u8,nhwc,bgr,resize=linear,mean=127.5')
    .addOption(
      new Option('--compress_to_fp16 [boolean]', 'as ovc: False is --no-fp16').argParser(toBoolean).hideHelp(),
    );

function toBatch(text: string): number {
  if (text === '?' || text === '-1') return -1;
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('A batch is a whole number, or ?.');
  return Number(text);
}

function toBoolean(text: string): boolean {
  if (!/^(?:true|false)$/i.test(text)) throw new InvalidArgumentError('It is True or False.');
  return text.toLowerCase() === 'true';
}

export const convertOptions = (options: ModelOptions): CacheableOptions => ({
  compressToFp16: options.fp16,
  ...(options.inputShape === undefined ? {} : { inputShapes: options.inputShape }),
  ...(options.signature === undefined ? {} : { signature: options.signature }),
  onStep: ({ stage, ops }) => {
    status(`converting: ${stage}, ${ops} ops`);
  },
});

/** The precision in which a detector computes. */
export const precisionOption = (): Option =>
  new Option('--precision <type>', 'precision of the arithmetic; `default` leaves it to the device')
    .choices(['f32', 'f16', 'bf16', 'default'])
    .default('f32');

/** `convertOptions` for the commands with `withEndOptions`. */
export const convertEndOptions = (options: EndOptions): CacheableOptions => ({
  ...convertOptions(options),
  compressToFp16: options.fp16 && options.compress_to_fp16 !== false,
  ...(options.input === undefined ? {} : { inputs: options.input }),
  ...(options.output === undefined ? {} : { outputs: namesIn(options.output) }),
  ...(options.batch === undefined ? {} : { batch: options.batch }),
  ...(options.preprocess === undefined ? {} : { preprocess: options.preprocess }),
});

function namesIn(list: string): readonly string[] {
  const names = list.split(',').map(name => name.trim());
  const isPath = names.length === 1 && /\.xml$/i.test(list);
  if (!isPath && names.every(name => name !== '')) return names;
  throw new DecantError('invalid-argument', `--output '${list}' does not name outputs of the model`, {
    remedy: isPath ? `The file to write is -o ${list} or --output_model ${list}.` : 'Separate their names by commas.',
  });
}

/** What gives the labels of a file, whose lists count from a first id. @throws DecantError for a file that holds none */
export async function labelsReader(path: string | undefined): Promise<((firstId: number) => Labels) | undefined> {
  if (path === undefined) return undefined;
  const [{ parseLabels }, { readTextFile }] = await Promise.all([
    import('../labels/parse-labels.ts'),
    import('../platform/read-text-file.ts'),
  ]);
  const text = await readTextFile(path);
  // What is wrong with it shows before any work is done.
  parseLabels(text, path);
  return firstId => parseLabels(text, path, firstId);
}

/** Labels from a file. */
export const labelsFrom = async (path: string | undefined, firstId: number): Promise<Labels | undefined> =>
  (await labelsReader(path))?.(firstId);
