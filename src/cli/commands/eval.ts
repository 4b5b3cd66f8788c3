import { Command, Option } from 'commander';
import type { DetectorOptions } from '../../api/detector.ts';
import { DecantError } from '../../errors.ts';
import type { CocoCategory, CocoDataset, CocoResult } from '../../eval/coco-dataset.ts';
import type { IouType } from '../../eval/overlap.ts';
import type { Fact } from '../../report/page.ts';
import { endStatus, logInfo, printJson, progress, report, status } from '../console.ts';
import { convertOptions, labelsFrom, type ModelOptions, precisionOption, withModelOptions } from '../model-options.ts';
import { modelAt } from '../transfer.ts';
import { modelFacts, ownFacts } from '../report-output.ts';
import { numberBetween } from '../parse-number.ts';
import { printEvaluation } from '../print-evaluation.ts';

interface Options extends ModelOptions {
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

export const evalCommand = (): Command =>
  withModelOptions(
    new Command('eval')
      .description(
        "Measure how good a detector is: COCO's average precision and recall (mAP, AR) on annotated pictures.",
      )
      .argument('[model]', 'a TensorFlow model or an OpenVINO IR (.xml)')
      .argument('[images]', 'the folder that the paths of the annotations start from'),
  )
    .requiredOption('--annotations <file>', "COCO's file of annotations, like instances_val2017.json")
    .addOption(
      new Option('--iou-type <type>', 'what is compared: boxes, or masks').choices(['bbox', 'segm']).default('bbox'),
    )
    .option('--results <file>', "evaluate COCO's file of results, instead of a model")
    .option('--device <name>', 'where to run: CPU, GPU, NPU, AUTO', 'AUTO')
    .addOption(precisionOption())
    .option('--labels <file>', 'names of the classes: one a line, a label map, or JSON')
    .option(
      '--threshold <score>',
      'the lowest score that counts, 0..1; more than 0 lowers the numbers',
      numberBetween(0, 1),
      0,
    )
    .option('--skip-missing', 'leave out annotated pictures that are not there')
    .option('--save <file>', "write what the model found as COCO's file of results")
    .option('--report <file>', 'write a page (.html) to look at: the numbers, and precision over recall')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
The numbers are those of pycocotools. Classes are matched by their names, and a class of the
annotations that the model does not know counts with 0. Of a picture the best 100 objects count.

Examples:
  $ decant eval model.xml val2017/ --annotations instances_val2017.json
  $ decant eval model.json photos/ --annotations photos.json --save results.json
  $ decant eval mask_rcnn.xml val2017/ --annotations instances_val2017.json --iou-type segm
  $ decant eval --results results.json --annotations photos.json --json | jq .stats.AP50`,
    )
    .action(evaluate);

/** What is evaluated, and against what. */
interface Subject {
  /** The pictures that were looked at. */
  readonly dataset: CocoDataset;
  readonly results: readonly CocoResult[];
  /** What stands in the JSON about where the results are from. */
  readonly source: object;
  /** The classes that the model has no name for. */
  readonly unknown: readonly CocoCategory[];
  /** What stands at the top of a report about them. */
  readonly facts: readonly Fact[];
}

/** On its own, because TypeScript leaves the path as it is in functions with `using`. */
const loadParts = async () => ({
  ...(await import('../../api/detector.ts')),
  ...(await import('../../eval/parse-coco.ts')),
  ...(await import('../../eval/dataset-ids.ts')),
  ...(await import('../../results/result-formats.ts')),
  ...(await import('../dataset-images.ts')),
});

async function evaluate(model: string | undefined, images: string | undefined, options: Options): Promise<void> {
  const [{ evaluateCoco }, { parseCocoDataset }, { readTextFile }] = await Promise.all([
    import('../../eval/evaluate-coco.ts'),
    import('../../eval/parse-coco.ts'),
    import('../../platform/read-text-file.ts'),
  ]);
  status(`reading ${options.annotations}`);
  const annotations = parseCocoDataset(await readTextFile(options.annotations), options.annotations);
  const subject =
    options.results === undefined
      ? await runModel(model, images, annotations, options)
      : await readResults(options.results, [model, options.save], annotations);
  status('comparing');
  const { dataset, results, source, unknown } = subject;
  const evaluation = evaluateCoco(dataset, results, options);
  endStatus();
  if (options.json === true) {
    const counts = { images: dataset.images.length, detections: results.length, unknownCategories: unknown };
    printJson({ annotations: options.annotations, iouType: options.iouType, ...source, ...counts, ...evaluation });
  } else {
    printEvaluation(evaluation, { name: options.annotations, iouType: options.iouType, ...subject });
  }
  if (options.report !== undefined) {
    const { evaluationReport } = await import('../../report/evaluation-report.ts');
    await saveText(options.report, evaluationReport('How good the results are', factsOf(options, subject), evaluation));
  }
}

function factsOf({ annotations, iouType }: Options, { dataset, results, unknown, facts }: Subject): readonly Fact[] {
  const names = unknown.map(({ name }) => name).join(', ');
  return [
    ['annotations', annotations],
    ['compared', iouType === 'bbox' ? 'boxes' : 'masks'],
    ...facts,
    ['pictures', dataset.images.length],
    ['results', results.length],
    ...(unknown.length === 0 ? [] : [['classes that the model does not know', names] as const]),
  ];
}

async function readResults(
  path: string,
  others: readonly (string | undefined)[],
  dataset: CocoDataset,
): Promise<Subject> {
  if (others.some(other => other !== undefined)) {
    throw new DecantError('invalid-argument', 'with --results there is no model to run', {
      remedy: 'Leave out the model, the pictures and --save, or leave out --results.',
    });
  }
  const [{ parseCocoResults }, { readTextFile }] = await Promise.all([
    import('../../eval/parse-coco.ts'),
    import('../../platform/read-text-file.ts'),
  ]);
  status(`reading ${path}`);
  const results = parseCocoResults(await readTextFile(path), path);
  return { dataset, results, source: { results: path }, unknown: [], facts: [['results of', path], ...ownFacts()] };
}

async function runModel(
  model: string | undefined,
  images: string | undefined,
  dataset: CocoDataset,
  options: Options,
): Promise<Subject> {
  if (model === undefined || images === undefined) {
    throw new DecantError('invalid-argument', 'there is nothing to evaluate', {
      remedy: 'Give a model and the folder of the pictures, or --results.',
    });
  }
  const { Detector, parseCocoResults, datasetIds, unknownCategories, resultWriter, datasetImages } = await loadParts();
  const pictures = await datasetImages(images, dataset.images, options.skipMissing === true);
  const path = await modelAt(model, options);
  status(`loading ${model}`);
  using detector = await Detector.load(path, {
    device: options.device,
    precision: options.precision,
    performanceHint: pictures.length > 1 ? 'throughput' : 'latency',
    convert: convertOptions(options),
  });
  const labels = (await labelsFrom(options.labels, detector.firstClassId)) ?? detector.labels;
  const idOf = new Map(pictures.map(({ path, image }) => [path, image.id]));
  const writer = resultWriter('coco', {
    model,
    device: detector.device,
    labels,
    dataset: { ...datasetIds(dataset), imageIdOf: file => idOf.get(file)! },
  });
  const parts = [...writer.begin()];
  const paths = pictures.map(({ path }) => path);
  const settings = { threshold: options.threshold, maxDetections: MOST_DETECTIONS, labels };
  for await (const { index, input: picture, result, error } of detector.detectAll(paths, settings)) {
    progress(`${picture} (${index + 1} of ${paths.length})`, index + 1, paths.length);
    if (result !== undefined) {
      const { width, height, detections } = result;
      parts.push(...writer.write({ file: picture, width, height, detections }));
    } else {
      if (paths.length === 1) throw error;
      // One bad picture does not cost the others their results; nothing was found in it.
      process.exitCode = report(error);
    }
  }
  parts.push(...writer.end());
  const text = parts.map(part => part.text).join('');
  if (options.save !== undefined) await saveText(options.save, text);
  return {
    dataset: { ...dataset, images: pictures.map(({ image }) => image) },
    // What counts is what the file says, so that the file gives the same numbers.
    results: parseCocoResults(text, 'the results'),
    source: { model, device: detector.device },
    unknown: unknownCategories(dataset.categories, labels),
    facts: modelFacts(model, detector),
  };
}

/** As many as COCO's files of results have of a picture. */
const MOST_DETECTIONS = 100;

async function saveText(path: string, text: string): Promise<void> {
  const { writeFiles } = await import('../../platform/write-files.ts');
  await writeFiles([{ path, parts: [new TextEncoder().encode(text)] }]);
  endStatus();
  logInfo(`saved ${path}`);
}
