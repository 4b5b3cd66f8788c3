import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Detection } from '../../detect/detection.ts';
import type { DetectionResult, Detector, DetectorOptions } from '../../detector.ts';
import { asDecantError, DecantError } from '../../errors.ts';
import { chooseDevice } from '../choose-device.ts';
import { endStatus, milliseconds, note, print, report, status, table } from '../console.ts';
import { convertOptions, labelsFrom, type ModelOptions, withModelOptions } from '../model-options.ts';
import type { ReportOutput } from '../report-output.ts';
import { datasetOf, openResults, resultFormatOf, type ResultOptions, withResultOptions } from '../result-options.ts';
import { modelAt } from '../transfer.ts';

interface Options extends ModelOptions, ResultOptions {
  readonly device?: string;
  readonly precision: NonNullable<DetectorOptions['precision']>;
  readonly threshold: number;
  readonly top?: number;
  readonly labels?: string;
  readonly save?: string;
  readonly report?: string;
}

export const detectCommand = (): Command =>
  withResultOptions(
    withModelOptions(
      new Command('detect')
        .description('Find objects in pictures. A TensorFlow model is converted first, and kept for the next time.')
        .argument('<model>', 'a TensorFlow model or an OpenVINO IR (.xml), or the name or URL of one')
        .argument('<image...>', 'picture files'),
    ),
  )
    .option('--device <name>', 'where to run: CPU, GPU, NPU, AUTO (default: AUTO; a terminal asks once)')
    .addOption(
      new Option('--precision <type>', 'precision of the arithmetic; `default` leaves it to the device')
        .choices(['f32', 'f16', 'bf16', 'default'])
        .default('f32'),
    )
    .option('--threshold <score>', 'the lowest score to report, 0..1', toScore, 0.5)
    .option('--top <n>', 'report at most this many objects a picture', toCount)
    .option('--labels <file>', 'names of the classes: one a line, a label map, or JSON')
    .option('--save <path>', 'write pictures with boxes: a folder, or a file for one picture')
    .option('--report <file>', 'write a page (.html) to look at: pictures, scores, times; best with a low --threshold')
    .addHelpText(
      'after',
      `
Examples:
  $ decant detect model.json photo.jpg
  $ decant detect model.xml *.jpg --threshold 0.3 --save found/
  $ decant detect model.xml photo.jpg --json | jq '.images[0].detections[].label'
  $ decant detect model.xml *.jpg --threshold 0.1 --report found.html
  $ decant detect model.xml *.jpg --format csv -o found.csv
  $ decant detect model.xml *.jpg --format yolo -o found/
  $ decant detect model.xml *.jpg --format coco --annotations instances.json -o results.json`,
    )
    .action(detect);

function toScore(text: string): number {
  const score = Number(text);
  if (text.trim() === '' || !(score >= 0 && score <= 1))
    throw new InvalidArgumentError('A score lies between 0 and 1.');
  return score;
}

function toCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A number of objects is a whole number.');
  return Number(text);
}

/** On its own, because TypeScript leaves the path as it is in functions with `using`. */
const loadDetector = () => import('../../detector.ts');

async function detect(model: string, images: readonly string[], options: Options): Promise<void> {
  const { Detector } = await loadDetector();
  const format = await resultFormatOf(options);
  const dataset = await datasetOf(options);
  const targets = await targetsOf(images, options.save);
  const asked = await chooseDevice({ device: options.device, json: format !== undefined });
  const path = await modelAt(model, options);
  status(`loading ${model}`);
  using detector = await Detector.load(path, {
    device: asked,
    precision: options.precision,
    convert: convertOptions(options),
  });
  endStatus();
  const labels = await labelsFrom(options.labels, detector.firstClassId);
  const { device, notes } = detector;
  const context = { model, device, notes, labels: labels ?? detector.labels, dataset };
  const page = await openPage(model, detector, options);
  const results = format && (await openResults(format, options, context));
  // Results on standard output are for programs.
  const forPeople = results === undefined || options.output !== undefined;
  if (forPeople) printModel(model, detector, asked);
  for (const [i, file] of images.entries()) {
    try {
      status(`${file} (${i + 1} of ${images.length})`);
      const result = await detector.detect(file, {
        threshold: options.threshold,
        maxDetections: options.top,
        labels,
      });
      const saved = await save(result, targets[i]);
      endStatus();
      await results?.write({ file, ...result });
      await page?.add(file, result);
      if (forPeople) printResult(file, result, saved);
    } catch (thrown) {
      if (asDecantError(thrown).code === 'internal' || images.length === 1) throw thrown;
      // One bad picture does not cost the others their answers.
      process.exitCode = report(thrown);
    }
  }
  await results?.finish();
  if (options.output !== undefined) note(`saved ${options.output}`);
  await page?.finish();
  if (options.report !== undefined) note(`saved ${options.report}`);
}

async function openPage(model: string, detector: Detector, options: Options): Promise<ReportOutput | undefined> {
  const { report, threshold } = options;
  if (report === undefined) return undefined;
  const { openReport } = await import('../report-output.ts');
  return openReport(report, model, detector, threshold);
}

/** Where each picture's annotated copy goes. */
async function targetsOf(images: readonly string[], save: string | undefined): Promise<readonly string[]> {
  if (save === undefined) return [];
  if (extname(save) === '' || save.endsWith('/') || (await isFolder(save))) return targetsIn(save, images);
  if (images.length > 1) {
    throw new DecantError('invalid-argument', `${images.length} pictures do not fit into the one file '${save}'`, {
      remedy: 'Give a folder.',
    });
  }
  const { pictureFormatOf } = await import('../../detect/encode-picture.ts');
  pictureFormatOf(save);
  return [save];
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    facts => facts.isDirectory(),
    () => false,
  );

/** `photo-detected.jpg` of `photo.jpg`; numbers tell pictures of the same name apart. */
function targetsIn(folder: string, images: readonly string[]): readonly string[] {
  const targets: string[] = [];
  for (const image of images) {
    const name = basename(image, extname(image));
    const ending = /\.(png|webp|jpe?g)$/i.exec(image)?.[0].toLowerCase() ?? '.png';
    let target = join(folder, `${name}-detected${ending}`);
    for (let n = 2; targets.includes(target); n++) target = join(folder, `${name}-detected-${n}${ending}`);
    targets.push(target);
  }
  return targets;
}

async function save(result: DetectionResult, target: string | undefined): Promise<string | undefined> {
  if (target === undefined) return undefined;
  const [{ drawDetections }, { pictureFormatOf }, { writeFiles }] = await Promise.all([
    import('../../detect/draw-detections.ts'),
    import('../../detect/encode-picture.ts'),
    import('../../platform/write-files.ts'),
  ]);
  const picture = await drawDetections(result.image, result.detections, { format: pictureFormatOf(target) });
  await writeFiles([{ path: target, parts: [picture] }]);
  return target;
}

function printModel(model: string, detector: Detector, device: string): void {
  const { inputs, outputs } = detector.compiled;
  const converted = detector.converted === undefined ? '' : `, converted in ${milliseconds(detector.converted)}`;
  print(`model: ${model} (${detector.kind}${converted})`);
  for (const port of inputs) print(`  input   ${port.toString()}`);
  for (const port of outputs) print(`  output  ${port.toString()}`);
  for (const text of detector.notes) print(`note: ${text}`);
  print(`device: ${detector.device}${device === detector.device ? '' : ` (asked for ${device})`}`);
}

function printResult(file: string, result: DetectionResult, saved: string | undefined): void {
  const { width, height, detections, ms } = result;
  print(
    `\n${file}: ${width} x ${height}, ${detections.length} found in ${milliseconds(ms.prepare + ms.infer + ms.decode)}`,
  );
  if (detections.length > 0) print(table([['label', 'score', 'xmin', 'ymin', 'xmax', 'ymax'], ...detections.map(row)]));
  if (saved !== undefined) note(`saved ${saved}`);
}

const row = ({ label, score, box }: Detection): readonly (string | number)[] => [
  label,
  score.toFixed(2),
  Math.round(box.xmin),
  Math.round(box.ymin),
  Math.round(box.xmax),
  Math.round(box.ymax),
];
