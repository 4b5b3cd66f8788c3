import { Detector } from '../../api/detector.ts';
import type { DetectorOptions } from '../../api/detector-options.ts';
import { DecantError } from '../../errors.ts';
import type { CocoCategory, CocoDataset, CocoResult } from '../../eval/coco-dataset.ts';
import { datasetIds, unknownCategories } from '../../eval/dataset-ids.ts';
import { evaluateCoco } from '../../eval/evaluate-coco.ts';
import type { IouType } from '../../eval/overlap.ts';
import { parseCocoDataset, parseCocoResults } from '../../eval/parse-coco.ts';
import { readTextFile } from '../../platform/read-text-file.ts';
import { writeFiles } from '../../platform/write-files.ts';
import { evaluationReport } from '../../report/evaluation-report.ts';
import type { Fact } from '../../report/page.ts';
import { errorJson } from '../../results/json-head.ts';
import { resultWriter } from '../../results/result-formats.ts';
import { checkReportPath } from '../check-report-path.ts';
import { collectLessOften } from '../collect-garbage.ts';
import { endStatus, logInfo, printJson, progress, reportError, status } from '../console.ts';
import { convertOptions, labelsReader, type ModelOptions } from '../model-options.ts';
import { decantFacts, modelFacts } from '../report-facts.ts';
import { resolveWithProgress } from '../transfer.ts';
import type { ImageId } from '../../results/result-writer.ts';
import { checkSavePath } from './check-save-path.ts';
import { evaluationDetails } from './evaluation-details.ts';
import { datasetImages } from './dataset-images.ts';
import { printEvaluation } from './print-evaluation.ts';

export interface EvalCommandOptions extends ModelOptions {
  readonly annotations: string;
  readonly iouType: IouType;
  readonly results?: string;
  readonly device: string;
  readonly precision: NonNullable<DetectorOptions['precision']>;
  readonly labels?: string;
  readonly threshold: number;
  readonly skipMissing?: boolean;
  readonly save?: string;
  readonly report?: string;
  readonly json?: boolean;
}

interface Subject {
  /** Contains only the evaluated images. */
  readonly dataset: CocoDataset;
  readonly results: readonly CocoResult[];
  /** JSON fields that name the origin of the results. */
  readonly source: object;
  readonly unknown: readonly CocoCategory[];
  /** Images that could not be read. */
  readonly failures: readonly ImageFailure[];
  readonly facts: readonly Fact[];
  /** Image files by id; none for results of an earlier run. */
  readonly paths: ReadonlyMap<ImageId, string>;
}

interface ImageFailure {
  readonly file: string;
  readonly error: object;
}

export async function runEval(
  model: string | undefined,
  images: string | undefined,
  options: EvalCommandOptions,
): Promise<void> {
  await checkReportPath(options.report);
  await checkSavePath(options.save);
  status(`reading ${options.annotations}`);
  const all = parseCocoDataset(await readTextFile(options.annotations), options.annotations);
  const subject =
    options.results === undefined
      ? await detectDataset(model, images, all, options)
      : await readResults(options.results, [model, options.save], all);
  status('comparing');
  const { dataset, results, source, unknown, failures } = subject;
  const evaluation = evaluateCoco(dataset, results, { iouType: options.iouType });
  endStatus();
  if (options.json === true) {
    const counts = { images: dataset.images.length, detections: results.length, unknownCategories: unknown };
    const { annotations, iouType } = options;
    printJson({ annotations, iouType, ...source, ...counts, failures, ...evaluation });
  } else {
    printEvaluation(evaluation, { name: options.annotations, iouType: options.iouType, ...subject });
  }
  if (options.report !== undefined) {
    const details = await evaluationDetails(dataset, results, subject.paths);
    const text = await evaluationReport('Detector evaluation', factsOf(options, subject), evaluation, details);
    await saveText(options.report, text);
  }
}

function factsOf(
  { annotations, iouType }: EvalCommandOptions,
  { dataset, results, unknown, facts }: Subject,
): readonly Fact[] {
  const names = unknown.map(({ name }) => name).join(', ');
  return [
    ['annotations', annotations],
    ['compared', iouType === 'bbox' ? 'boxes' : 'masks'],
    ...facts,
    ['images', dataset.images.length],
    ['results', results.length],
    ...(unknown.length === 0 ? [] : [['classes unknown to the model', names] as const]),
  ];
}

async function readResults(
  path: string,
  others: readonly (string | undefined)[],
  dataset: CocoDataset,
): Promise<Subject> {
  if (others.some(other => other !== undefined)) {
    throw new DecantError('invalid-argument', '--results cannot be combined with a model or --save', {
      remedy: 'Omit the model, the images and --save, or omit --results.',
    });
  }
  status(`reading ${path}`);
  const results = parseCocoResults(await readTextFile(path), path);
  const facts: readonly Fact[] = [['results from', path], ...decantFacts()];
  return { dataset, results, source: { results: path }, unknown: [], failures: [], facts, paths: new Map() };
}

async function detectDataset(
  model: string | undefined,
  folder: string | undefined,
  dataset: CocoDataset,
  options: EvalCommandOptions,
): Promise<Subject> {
  if (model === undefined || folder === undefined) {
    const missing = model === undefined ? 'nothing to evaluate' : 'the folder of the annotated images was not named';
    throw new DecantError('invalid-argument', missing, {
      remedy: 'Name a model and the folder of images, or use --results.',
    });
  }
  const labelsOf = await labelsReader(options.labels);
  const images = await datasetImages(folder, dataset.images, options.skipMissing === true);
  const resolved = await resolveWithProgress(model, options);
  status(`loading ${model}`);
  using detector = await Detector.loadResolved(resolved, {
    device: options.device,
    precision: options.precision,
    performanceHint: images.length > 1 ? 'throughput' : 'latency',
    convert: convertOptions(options, labelsOf),
  });
  collectLessOften();
  const labels = labelsOf?.(detector.firstClassId) ?? detector.labels;
  const idOf = new Map(images.map(({ path, image }) => [path, image.id]));
  const writer = resultWriter('coco', {
    model,
    device: detector.device,
    labels,
    dataset: { ...datasetIds(dataset), imageIdOf: file => idOf.get(file)! },
  });
  const parts = [...writer.begin()];
  const failures: ImageFailure[] = [];
  const paths = images.map(({ path }) => path);
  const detectOptions = { threshold: options.threshold, maxDetections: MAX_DETECTIONS, labels };
  for await (const { index, input: file, result, error } of detector.detectAll(paths, detectOptions)) {
    progress(`${file} (${index + 1} of ${paths.length})`, index + 1, paths.length);
    if (result !== undefined) {
      const { width, height, detections } = result;
      parts.push(...writer.write({ file, width, height, detections }));
    } else {
      if (paths.length === 1) throw error;
      // One unreadable image does not stop the rest; it counts as one without detections.
      process.exitCode = reportError(error);
      failures.push({ file, error: errorJson(error) });
    }
  }
  parts.push(...writer.end());
  const text = parts.map(part => part.text).join('');
  if (options.save !== undefined) await saveText(options.save, text);
  return {
    dataset: { ...dataset, images: images.map(({ image }) => image) },
    // Parsed from the text, so that evaluating the saved file gives the same numbers.
    results: parseCocoResults(text, 'the results'),
    source: { model, device: detector.device, threshold: options.threshold },
    unknown: unknownCategories(dataset.categories, labels),
    failures,
    facts: modelFacts(model, detector),
    paths: new Map(images.map(({ path, image }) => [image.id, path])),
  };
}

/** Detections per image in COCO results files. */
const MAX_DETECTIONS = 100;

async function saveText(path: string, text: string): Promise<void> {
  await writeFiles([{ path, parts: [new TextEncoder().encode(text)] }]);
  endStatus();
  logInfo(`saved ${path}`);
}
