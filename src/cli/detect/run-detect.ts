import { Detector } from '../../api/detector.ts';
import type { DetectOptions } from '../../api/detector-options.ts';
import type { Labels } from '../../labels/labels.ts';
import { isServedModel } from '../../kserve/model-address.ts';
import { chooseDevice } from '../choose-device.ts';
import { collectLessOften } from '../collect-garbage.ts';
import { endStatus, status } from '../console.ts';
import { convertOptions } from '../model-options.ts';
import { resolveWithProgress } from '../transfer.ts';
import type { DetectCommandOptions } from './detect-command-options.ts';
import { detectInputs } from './detect-inputs.ts';
import { dispatch } from './dispatch.ts';
import { openOutputs } from './outputs/outputs.ts';
import { type DetectPlan, planDetect } from './plan-detect.ts';

export async function runDetect(model: string, names: readonly string[], options: DetectCommandOptions): Promise<void> {
  const plan = await planDetect(model, names, options);
  const requestedDevice = isServedModel(model)
    ? new URL(model).host
    : await chooseDevice({ device: options.device, json: plan.format !== undefined });
  using detector = await loadDetector(plan, requestedDevice);
  const labels = plan.labelsFrom?.(detector.firstClassId) ?? detector.labels;
  const detectOptions = detectOptionsFrom(plan, labels);
  const outputs = await openOutputs(plan.outputs, { ...plan, detector, requestedDevice, labels });
  collectLessOften();
  const events = detectInputs(plan, detector, detectOptions, outputs);
  await dispatch(events, outputs, { single: plan.inputs.length === 1 });
}

async function loadDetector({ model, inputs, options, labelsFrom }: DetectPlan, device: string): Promise<Detector> {
  if (isServedModel(model)) return connect(model, options);
  const resolved = await resolveWithProgress(model, options);
  status(`loading ${model}`);
  const detector = await Detector.loadResolved(resolved, {
    device,
    precision: options.precision,
    cacheDir: options.cacheDir,
    performanceHint: inputs.length === 1 && inputs[0]?.kind === 'image' ? 'latency' : 'throughput',
    convert: convertOptions(options, labelsFrom),
  });
  endStatus();
  return detector;
}

/** Options of the conversion, which would have no effect on a model on a server. */
const CONVERSION = ['inputShape', 'signature', 'freeze', 'scoreThreshold', 'iouThreshold', 'keepClasses'] as const;

function connect(url: string, options: DetectCommandOptions): Promise<Detector> {
  const { device, cacheDir, head } = options;
  const converts = CONVERSION.some(name => options[name] !== undefined);
  return Detector.load(url, { device, cacheDir, head, convert: converts ? convertOptions(options) : undefined });
}

function detectOptionsFrom({ options, tiles }: DetectPlan, labels: Labels): DetectOptions {
  const { threshold, classes, maxDetections } = options;
  return { labels, threshold, classes, maxDetections, tiles };
}
