import type { HeadChoice } from '../detect/heads/find-head.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CacheableOptions } from '../api/model-cache.ts';
import type { Labels } from '../labels/labels.ts';
import { logDetail, milliseconds, status } from './console.ts';
import { DecantError } from '../errors.ts';
import { integerFrom, numberBetween } from './parse-number.ts';

/** Changes of the model's own post-processing. */
export interface PostProcessing {
  readonly scoreThreshold?: number;
  readonly iouThreshold?: number;
  readonly keepClasses?: string;
}

export interface ModelOptions extends PostProcessing {
  readonly fp16: boolean;
  readonly winograd?: boolean;
  readonly inputShape?: string;
  readonly signature?: string;
  readonly freeze?: string;
  readonly head?: HeadChoice;
  readonly offline?: boolean;
}

/** Options of the commands with `withEndOptions`. Other commands use `--output` for files. */
export interface EndOptions extends ModelOptions {
  readonly compress_to_fp16?: boolean;
  readonly input?: string;
  readonly output?: string | undefined;
  readonly batch?: number;
  readonly preprocess?: string;
  readonly maxDetections?: number;
}

/** The last options of a command: those of post-processing get a group of their own. */
export const withModelOptions = (command: Command): Command =>
  withPostProcessing(
    withHead(command)
      .option(
        '--input-shape <shape>',
        'set the input shape: [1,512,512,3], or name[1,512,512,3] for one of several inputs',
      )
      .option('--signature <key>', 'SavedModel signature to convert')
      .addOption(freezeOption())
      .addOption(new Option('--no-fp16', 'store weights as f32'))
      .addOption(
        new Option('--no-winograd', 'compute 3x3 convolutions without Winograd tiles: for GPUs and other quantizers'),
      )
      .option('--offline', 'download nothing; use cached models only'),
  );

/** Begins a group, to which options that are added later belong. */
export const withPostProcessing = (command: Command): Command =>
  command
    .optionsGroup('Post-processing of the model:')
    .option('--score-threshold <n>', "set the model's own score threshold, 0 to 1", numberBetween(0, 1))
    .option('--iou-threshold <n>', "set the IoU threshold of the model's NMS, 0 to 1", numberBetween(0, 1))
    .option('--keep-classes <list>', 'keep only these classes in the model: person,dog,7 (names or ids)');

/** May be repeated. */
export const freezeOption = (): Option =>
  new Option('--freeze <list>', 'replace inputs with constants: phase_train=false,sizes=[1,2]').argParser(
    (list: string, previous: string | undefined) => (previous === undefined ? list : `${previous},${list}`),
  );

/** A description is read before the command runs. */
export const withHead = (command: Command): Command =>
  command
    .option('--head <name>', 'kind of detector, or a .json file that describes it: see docs/detectors.md')
    .hook('preAction', async running => {
      const { head } = running.opts<{ readonly head?: string }>();
      if (head === undefined || !/\.json$/i.test(head)) return;
      const { readHeadDescription } = await import('./read-head-description.ts');
      running.setOptionValue('head', await readHeadDescription(head));
    });

/** `withModelOptions`, and those that only a conversion to a file has. Named as in OpenVINO's `ovc`. */
export const withEndOptions = (command: Command): Command =>
  withModelOptions(
    command
      .optionsGroup('Model:')
      .option('--input <list>', 'inputs, or inner tensors to cut at: name[1,?,1..640,3]{u8},name:1[...]')
      .option('--output <list>', 'outputs, or inner tensors to use as outputs: name,name:1')
      .option('--batch <n>', 'batch size of all inputs whose batch is dynamic or 1; ? makes it dynamic', toBatch)
      .option('--preprocess <steps>', 'add preprocessing to the model: u8,nhwc,bgr,resize=linear,mean=127.5')
      .addOption(
        new Option('--compress_to_fp16 [boolean]', 'as ovc: False is --no-fp16').argParser(toBoolean).hideHelp(),
      ),
  ).option('--max-detections <n>', 'make the model return at most this many detections', integerFrom(1));

function toBatch(text: string): number {
  if (text === '?' || text === '-1') return -1;
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('Must be a whole number from 1 to 99999, or ?.');
  return Number(text);
}

function toBoolean(text: string): boolean {
  if (!/^(?:true|false)$/i.test(text)) throw new InvalidArgumentError('Must be True or False.');
  return text.toLowerCase() === 'true';
}

export const postProcessing = ({ scoreThreshold, iouThreshold, keepClasses }: PostProcessing): PostProcessing => ({
  ...(scoreThreshold !== undefined && { scoreThreshold }),
  ...(iouThreshold !== undefined && { iouThreshold }),
  ...(keepClasses !== undefined && { keepClasses }),
});

/** @param labels the names of the classes to keep, if not those of the model */
export const convertOptions = (options: ModelOptions, labels?: CacheableOptions['labels']): CacheableOptions => ({
  compressToFp16: options.fp16,
  ...(options.winograd === false && { winograd: false }),
  ...(options.inputShape === undefined ? {} : { inputShapes: options.inputShape }),
  ...(options.signature === undefined ? {} : { signature: options.signature }),
  ...(options.freeze === undefined ? {} : { freeze: options.freeze }),
  ...(options.head === undefined ? {} : { head: options.head }),
  ...postProcessing(options),
  ...(options.keepClasses === undefined ? {} : { labels }),
  onStep: ({ stage, name, ms, ops, progress }) => {
    logDetail(`${stage} ${name}  ${milliseconds(ms)}  ${ops} ops`);
    status(`converting: ${stage}, ${ops} ops`, progress);
  },
});

export const precisionOption = (): Option =>
  new Option('--precision <type>', 'inference precision; `default` leaves the choice to the device')
    .choices(['f32', 'f16', 'bf16', 'default'])
    .default('f32');

export const cacheDirOption = (): Option =>
  new Option('--cache-dir <folder>', 'keep compiled models in this folder, for a faster start');

export const convertEndOptions = (options: EndOptions): CacheableOptions => ({
  ...convertOptions(checkedFp16(options)),
  compressToFp16: options.fp16 && options.compress_to_fp16 !== false,
  ...(options.input === undefined ? {} : { inputs: options.input }),
  ...(options.output === undefined ? {} : { outputs: namesIn(options.output) }),
  ...(options.batch === undefined ? {} : { batch: options.batch }),
  ...(options.preprocess === undefined ? {} : { preprocess: options.preprocess }),
  ...(options.maxDetections === undefined ? {} : { maxDetections: options.maxDetections }),
});

function checkedFp16(options: EndOptions): EndOptions {
  if (options.fp16 || options.compress_to_fp16 !== true) return options;
  throw new DecantError('invalid-argument', '--no-fp16 and --compress_to_fp16 True contradict each other', {
    remedy: 'Use one or the other.',
  });
}

/** Refuses options of the conversion for a model that is converted already. */
export async function rejectIrOptions(path: string, options: EndOptions): Promise<void> {
  const { rejectChanges } = await import('../api/compile-detector.ts');
  rejectChanges(path, convertEndOptions(options));
}

function namesIn(list: string): readonly string[] {
  const names = list.split(',').map(name => name.trim());
  const isPath = names.length === 1 && /\.xml$/i.test(list);
  if (!isPath && names.every(name => name !== '')) return names;
  throw new DecantError('invalid-argument', `--output '${list}' is not a list of output names`, {
    remedy: isPath ? `To name the file, use -o ${list} or --output_model ${list}.` : 'Separate names with commas.',
  });
}

/** Returns a function, because lists without ids need the model's first class id. */
export async function labelsReader(path: string | undefined): Promise<((firstId: number) => Labels) | undefined> {
  if (path === undefined) return undefined;
  const [{ parseLabels }, { readTextFile }] = await Promise.all([
    import('../labels/parse-labels.ts'),
    import('../platform/read-text-file.ts'),
  ]);
  const text = await readTextFile(path);
  // Rejects invalid files before any work is done.
  parseLabels(text, path);
  return firstId => parseLabels(text, path, firstId);
}
