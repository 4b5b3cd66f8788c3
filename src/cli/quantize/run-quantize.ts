import type { CalibrationInput } from '../../api/calibration-set.ts';
import { quantizeResolved } from '../../api/quantize-resolved.ts';
import type { QuantizeOptions } from '../../api/quantize-options.ts';
import { readTensors } from '../../api/read-tensors.ts';
import type { QuantizedModel } from '../../api/quantized-model.ts';
import { saveModel } from '../../api/save-model.ts';
import { DecantError } from '../../errors.ts';
import { parseCocoDataset } from '../../eval/parse-coco.ts';
import { findInputs } from '../../inputs/find-inputs.ts';
import type { Input } from '../../inputs/input.ts';
import { imagesIn } from '../../inputs/read-input.ts';
import { readTextFile } from '../../platform/read-text-file.ts';
import { writeFiles } from '../../platform/write-files.ts';
import { quantizationReport } from '../../report/quantization-report.ts';
import { checkInputs } from '../check-inputs.ts';
import { checkReportPath } from '../check-report-path.ts';
import { collectMoreOften } from '../collect-garbage.ts';
import { irPath } from '../ir-path.ts';
import { endStatus, logInfo, printJson, progress, status } from '../console.ts';
import { convertOptions, type ModelOptions } from '../model-options.ts';
import { decantFacts } from '../report-facts.ts';
import { resolveWithProgress } from '../transfer.ts';
import { printQuantization, summarize } from './quantization-summary.ts';

export interface QuantizeCommandOptions extends Omit<ModelOptions, 'fp16'> {
  readonly images: readonly string[];
  readonly output_model?: string;
  readonly preset: NonNullable<QuantizeOptions['preset']>;
  readonly subset: number;
  readonly estimator: NonNullable<QuantizeOptions['estimator']>;
  readonly keep?: readonly string[];
  readonly maxDrop?: number;
  readonly annotations?: string;
  readonly report?: string;
  readonly biasCorrection: boolean;
  readonly device: string;
  readonly json?: boolean;
}

/** Files of arrays, for models that take no image. */
const ARRAYS = ['.npy', '.npz'];

const isArray = ({ ending }: Input): boolean => ARRAYS.includes(ending);

const STEPS = {
  ranges: 'finding ranges',
  histograms: 'counting activations',
  noise: 'measuring noise',
  accuracy: 'restoring layers',
} as const;

export async function runQuantize(model: string, options: QuantizeCommandOptions): Promise<void> {
  const pathOf = await irPath(options.output_model);
  collectMoreOften();
  const start = performance.now();
  await checkReportPath(options.report);
  const { annotations: file } = options;
  const annotations = file === undefined ? undefined : parseCocoDataset(await readTextFile(file), file);
  const images = await imagesOf(options.images);
  const resolved = await resolveWithProgress(model, options);
  const quantized = await quantizeResolved(resolved, images, {
    preset: options.preset,
    subset: options.subset,
    estimator: options.estimator,
    correctBiases: options.biasCorrection,
    keep: options.keep,
    maxDrop: options.maxDrop,
    annotations,
    measureNoise: options.report !== undefined,
    countKernels: options.report !== undefined,
    device: options.device,
    head: options.head,
    convert: convertOptions({ ...options, fp16: true }),
    onProgress: ({ step, done, total }) => {
      if (total === undefined) status(`${STEPS[step]} (model ${done})`);
      else progress(`${STEPS[step]} (image ${done} of ${total})`, done, total);
    },
  });
  const saved = await saveModel(quantized, await pathOf(`${quantized.name}-int8`, quantized.path));
  endStatus();
  if (options.report !== undefined) await saveReport(options.report, model, quantized);
  for (const warning of quantized.warnings) logInfo(`decant: ${warning}`);
  const summary = summarize(model, quantized, saved, performance.now() - start);
  if (options.json === true) printJson(summary);
  else printQuantization(summary);
}

async function saveReport(path: string, model: string, quantized: QuantizedModel): Promise<void> {
  const text = quantizationReport(`Quantization of ${quantized.name}`, [['model', model], ...decantFacts()], quantized);
  await writeFiles([{ path, parts: [new TextEncoder().encode(text)] }]);
  logInfo(`saved ${path}`);
}

async function imagesOf(names: readonly string[]): Promise<readonly CalibrationInput[]> {
  const images: CalibrationInput[] = [];
  const inputs = await findInputs(names, { also: ARRAYS });
  const video = inputs.find(({ kind }) => kind === 'video');
  if (video !== undefined) {
    throw new DecantError('invalid-argument', `'${video.name}' is a video, and quantization needs images`, {
      remedy: 'Extract some frames first: ffmpeg -i VIDEO -vf fps=1 frames/%04d.png',
    });
  }
  if (!inputs.some(isArray)) await checkInputs(inputs);
  for (const input of inputs) {
    if (isArray(input)) images.push({ inputs: () => readTensors(input.name) });
    else for await (const image of imagesIn(input)) images.push(image);
  }
  return images;
}
