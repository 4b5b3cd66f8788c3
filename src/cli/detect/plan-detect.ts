import { resolve } from 'node:path';
import { checkTiles, type Tiles } from '../../detect/tiles.ts';
import { DecantError } from '../../errors.ts';
import { findInputs } from '../../inputs/find-inputs.ts';
import type { Input } from '../../inputs/input.ts';
import { type PageChoice, parsePages } from '../../inputs/pages.ts';
import type { Labels } from '../../labels/labels.ts';
import { VERSION } from '../../version.ts';
import { findFfmpeg } from '../../video/find-ffmpeg.ts';
import { checkInputs } from '../check-inputs.ts';
import { checkReportPath } from '../check-report-path.ts';
import { labelsReader } from '../model-options.ts';
import { refuseIdle } from '../refuse-idle.ts';
import type { DetectCommandOptions } from './detect-command-options.ts';
import type { DetectRequest, OpenOutput } from './detect-output.ts';
import { planOutputs } from './outputs/outputs.ts';
import { datasetFrom, resultFormatFrom } from './result-format.ts';
import { ResultsLog } from './results-log.ts';
import { isFolderPath, targetPaths } from './target-paths.ts';
import { regionsFrom } from './track-options.ts';

export interface DetectPlan extends DetectRequest {
  readonly pages: PageChoice | undefined;
  readonly tiles: Tiles | undefined;
  /** Labels from a file, whose lists count from a first id. Undefined for those of the model. */
  readonly labelsFrom: ((firstId: number) => Labels) | undefined;
  readonly outputs: readonly OpenOutput[];
}

export async function planDetect(
  model: string,
  names: readonly string[],
  options: DetectCommandOptions,
): Promise<DetectPlan> {
  const format = resultFormatFrom(options);
  const dataset = await datasetFrom(options);
  const tiles = tilesFrom(options);
  const pages = options.page === undefined ? undefined : parsePages(options.page);
  const inputs = await findInputs(names, { except: [options.save, options.crop].filter(path => path !== undefined) });
  refuseIdleOptions(options, inputs);
  await checkReportPath(options.report);
  const regions = regionsFrom(options, inputs);
  if (inputs.some(({ kind }) => kind === 'video')) findFfmpeg();
  const labelsFrom = await labelsReader(options.labels);
  const log = await readLog(model, inputs, options);
  const finished = (await log?.finished(inputs)) ?? new Set();
  const request: DetectRequest = {
    model,
    options,
    inputs,
    finished: inputs.filter(input => finished.has(input)),
    remaining: inputs.filter(input => !finished.has(input)),
    targetPath: targetPaths(inputs),
    regions,
    format,
    dataset,
    log,
  };
  const outputs = await planOutputs(request);
  await checkInputs(request.remaining);
  return { ...request, tiles, pages, labelsFrom, outputs };
}

function tilesFrom({ tile, overlap }: DetectCommandOptions): Tiles | undefined {
  if (tile !== undefined) {
    const tiles = { ...tile, overlap };
    checkTiles(tiles);
    return tiles;
  }
  if (overlap === undefined) return undefined;
  throw new DecantError('invalid-argument', '--overlap needs --tile', { remedy: 'Add --tile with a size.' });
}

function refuseIdleOptions({ every, maxFrames, page }: DetectCommandOptions, inputs: readonly Input[]): void {
  const videos = inputs.filter(({ kind }) => kind === 'video').length;
  if (videos === 0) refuseIdle({ '--every': every, '--max-frames': maxFrames }, 'without a video');
  if (videos === inputs.length) refuseIdle({ '--page': page }, 'without images');
}

/** The options that change results, or the files that are saved. */
const LOGGED_OPTIONS = [
  'precision',
  'threshold',
  'classes',
  'maxDetections',
  'labels',
  'page',
  'tile',
  'overlap',
  'every',
  'maxFrames',
  'track',
  'line',
  'zone',
  'fp16',
  'winograd',
  'inputShape',
  'signature',
  'freeze',
  'head',
  'scoreThreshold',
  'iouThreshold',
  'keepClasses',
  'save',
  'crop',
] as const satisfies readonly (keyof DetectCommandOptions)[];

async function readLog(
  model: string,
  inputs: readonly Input[],
  options: DetectCommandOptions,
): Promise<ResultsLog | undefined> {
  const { save, crop, resume = false } = options;
  const folder = save !== undefined && (await isFolderPath(save)) ? save : crop;
  if (folder === undefined && resume) {
    throw new DecantError('invalid-argument', '--resume needs the folder of the interrupted run', {
      remedy: 'Repeat its --save or --crop folder.',
    });
  }
  if (folder === undefined || (inputs.length === 1 && !resume)) return undefined;
  const logged = Object.fromEntries(LOGGED_OPTIONS.map(name => [name, options[name]]));
  const paths = { model: resolve(model), save: save && resolve(save), crop: crop && resolve(crop) };
  return ResultsLog.read(folder, { decant: VERSION, ...logged, ...paths }, resume);
}
