import { resolve } from 'node:path';
import { Detector } from '../../api/detector.ts';
import { asDecantError, DecantError } from '../../errors.ts';
import { findInputs } from '../../inputs/find-inputs.ts';
import type { Input } from '../../inputs/input.ts';
import { parsePages } from '../../inputs/pages.ts';
import { VERSION } from '../../version.ts';
import { chooseDevice } from '../choose-device.ts';
import { endStatus, logInfo, report, status } from '../console.ts';
import { convertOptions, labelsFrom } from '../model-options.ts';
import { openReport, type ReportOutput } from '../report-output.ts';
import { datasetOf, openResults, resultFormatOf } from '../result-options.ts';
import type { ResultOutput } from '../result-output.ts';
import { modelAt } from '../transfer.ts';
import { cropObjects } from './crop-objects.ts';
import { detectInputs } from './detect-inputs.ts';
import { classIdsFrom, type Options, tilesFrom } from './options.ts';
import { printModel, printResult, printVideo } from './print-results.ts';
import { ResultsLog } from './results-log.ts';
import { folderOf, type ImageOutput, saveImages } from './save-images.ts';
import type { DetectEvent } from './events.ts';
import { Progress } from './progress.ts';
import { type TargetPath, targetPaths } from './target-paths.ts';
import { videoOptions } from './video-options.ts';

/** The row of `decant detect`: what was named, what of it is not done, what is found, and what is told and written of it. */
export async function run(model: string, names: readonly string[], options: Options): Promise<void> {
  const format = await resultFormatOf(options);
  const dataset = await datasetOf(options);
  const tiles = tilesFrom(options);
  const pages = options.page === undefined ? undefined : parsePages(options.page);
  const inputs = await findInputs(names, { except: [options.save, options.crop].filter(path => path !== undefined) });
  const targetPath = targetPaths(inputs);
  const outputs = await outputsFor(inputs, targetPath, options);
  const video = await videoOptions(inputs, targetPath, options);
  const log = await openLog(model, inputs, options);
  const asked = await chooseDevice({ device: options.device, json: format !== undefined });
  using detector = await load(model, inputs, asked, options);
  const { device, notes } = detector;
  const labels = (await labelsFrom(options.labels, detector.firstClassId)) ?? detector.labels;
  const selection = {
    labels,
    threshold: options.threshold,
    classIds: classIdsFrom(options.classes, labels),
    maxDetections: options.maxDetections,
    tiles,
  };
  const results = format && (await openResults(format, options, { model, device, notes, labels, dataset }));
  const page =
    options.report === undefined ? undefined : await openReport(options.report, model, detector, options.threshold);
  // Results on standard output are for programs.
  const forPeople = results === undefined || options.output !== undefined;
  if (forPeople) printModel(model, detector, asked);
  const left = await notDone(inputs, log, results);
  if (forPeople && left.length < inputs.length) {
    logInfo(`${inputs.length - left.length} of ${inputs.length} were done before`);
  }
  const steps = detectInputs(left, detector, selection, { pages, outputs, video });
  await tell(steps, { tally: new Progress(left), only: inputs.length === 1, log, results, page, forPeople });
  await results?.finish();
  if (options.output !== undefined) logInfo(`saved ${options.output}`);
  await page?.finish();
  if (options.report !== undefined) logInfo(`saved ${options.report}`);
}

interface Listeners {
  readonly tally: Progress;
  /** Nothing else was named, so that its failure is the command's. */
  readonly only: boolean;
  readonly log: ResultsLog | undefined;
  readonly results: ResultOutput | undefined;
  readonly page: ReportOutput | undefined;
  readonly forPeople: boolean;
}

/** Tells everybody of each picture, in order. */
async function tell(
  steps: AsyncIterable<DetectEvent>,
  { tally, only, log, results, page, forPeople }: Listeners,
): Promise<void> {
  let [saved, whole]: [string[], boolean] = [[], true];
  tally.show();
  for await (const step of steps) {
    const { input, last, record } = step;
    endStatus();
    try {
      if (step.error !== undefined) throw step.error;
      if (record === undefined) {
        if (forPeople) printVideo(input.name, step.summary, [...step.saved, ...saved]);
      } else {
        await results?.write(record);
        await page?.add(record, step.shown);
        if (forPeople && record.frame === undefined) printResult(record, step.saved);
        tally.add(record, step.frames);
        await log?.add(input, record);
      }
    } catch (thrown) {
      if (asDecantError(thrown).code === 'internal' || (only && tally.pictures === 0)) throw thrown;
      // One bad picture does not cost the others their answers.
      process.exitCode = report(thrown);
      tally.fail();
      whole = false;
    }
    saved.push(...step.saved);
    if (last) {
      if (whole) await log?.finish(input, saved);
      tally.finish();
      [saved, whole] = [[], true];
    }
    tally.show();
  }
  endStatus();
  tally.summarize();
}

async function outputsFor(
  inputs: readonly Input[],
  targetPath: TargetPath,
  { save, crop }: Options,
): Promise<readonly ImageOutput[]> {
  return [
    ...(save === undefined ? [] : [await saveImages(save, inputs, targetPath)]),
    ...(crop === undefined ? [] : [cropObjects(crop, targetPath)]),
  ];
}

/** The log of a run over several inputs that writes into a folder. */
async function openLog(model: string, inputs: readonly Input[], options: Options): Promise<ResultsLog | undefined> {
  const { save, crop, resume = false } = options;
  if (resume && options.report !== undefined) {
    throw new DecantError(
      'invalid-argument',
      'a report shows all pictures, and --resume looks only at those that are left',
      {
        remedy: 'Give one of both.',
      },
    );
  }
  const folder = (save === undefined ? undefined : await folderOf(save)) ?? crop;
  if (folder === undefined && resume) {
    throw new DecantError('invalid-argument', 'there is no folder with an interrupted run', {
      remedy: 'Give the same --save or --crop folder again.',
    });
  }
  if (folder === undefined || (inputs.length === 1 && !resume)) return undefined;
  const { precision, threshold, classes, maxDetections, labels, page, tile, overlap } = options;
  const { every, maxFrames, fp16, inputShape, signature } = options;
  const found = {
    precision,
    threshold,
    classes,
    maxDetections,
    labels,
    page,
    tile,
    overlap,
    every,
    maxFrames,
    fp16,
    inputShape,
    signature,
  };
  return ResultsLog.open(folder, { decant: VERSION, model: resolve(model), ...found, save, crop }, resume);
}

async function load(model: string, inputs: readonly Input[], device: string, options: Options): Promise<Detector> {
  const path = await modelAt(model, options);
  status(`loading ${model}`);
  const detector = await Detector.load(path, {
    device,
    precision: options.precision,
    performanceHint: inputs.length === 1 && inputs[0]?.kind === 'picture' ? 'latency' : 'throughput',
    convert: convertOptions(options),
  });
  endStatus();
  return detector;
}

/** The inputs that an interrupted run left; the results of the others are given again. */
async function notDone(
  inputs: readonly Input[],
  log: ResultsLog | undefined,
  results: ResultOutput | undefined,
): Promise<readonly Input[]> {
  const left: Input[] = [];
  for (const input of inputs) {
    const records = await log?.resultsOf(input);
    if (records === undefined) left.push(input);
    else for (const record of records) await results?.write(record);
  }
  return left;
}
