import { checkHead } from '../detect/heads/check-head.ts';
import { withinAsync } from '../errors.ts';
import { directConvolutions } from '../ov/passes/direct-convolutions.ts';
import type { Graph } from '../ov/graph.ts';
import { quantizeGraph } from '../quantize/quantize-graph.ts';
import type { DropLimit } from '../quantize/within-limit.ts';
import { Core } from '../runtime/core.ts';
import { VERSION } from '../version.ts';
import { type CalibrationInput, CalibrationSet } from './calibration-set.ts';
import { changedIr } from './changed-ir.ts';
import { rejectConversion } from './compile-detector.ts';
import { convertResolvedModel } from './convert-model.ts';
import { DetectionDrop } from './detection-drop.ts';
import { plainPorts } from './graph-ports.ts';
import { infoIn } from './ir-info.ts';
import { headFor } from './network-head.ts';
import type { QuantizeOptions } from './quantize-options.ts';
import type { ResolvedModel } from './resolve-model.ts';
import type { QuantizedModel } from './quantized-model.ts';

export async function quantizeResolved(
  resolved: ResolvedModel,
  images: Iterable<CalibrationInput>,
  options: QuantizeOptions = {},
): Promise<QuantizedModel> {
  const { preset = 'mixed', subset = 300, device = 'CPU', signal, onProgress } = options;
  if (options.head !== undefined) checkHead(options.head);
  const core = options.core ?? new Core();
  try {
    core.checkDevice(device);
    const opened = await openModel(resolved, options);
    const { graph, rtInfo, labels, name } = opened;
    const set = new CalibrationSet(plainPorts(graph), infoIn(rtInfo), spread([...images], subset), options.head);
    const { graph: quantizedGraph, ...layers } = await withinAsync(`quantizing ${resolved.path}`, () =>
      quantizeGraph(core, graph, set.samples, {
        limit: limitFor(core, opened, set, options),
        preset,
        device,
        signal,
        estimator: options.estimator ?? 'mean',
        correctBiases: options.correctBiases ?? true,
        keep: options.keep ?? [],
        measureNoise: options.measureNoise,
        countKernels: options.countKernels,
        onStep: (step, done, passes) =>
          onProgress?.({ step, done, total: step === 'accuracy' ? undefined : passes * set.size }),
      }),
    );
    return {
      name,
      labels,
      path: resolved.path,
      conversion: { graph: quantizedGraph },
      rtInfo: { ...rtInfo, quantization: { quantizer: `decant ${VERSION}`, preset, images: String(set.size) } },
      ...layers,
      images: set.size,
      warnings: [...set.warnings, ...(layers.quantized.length === 0 ? [NOTHING_LEFT] : [])],
    };
  } finally {
    if (core !== options.core) core.close();
  }
}

const NOTHING_LEFT = 'no layer stays in 8 bits within the largest drop: the model is the f32 one';

interface OpenedModel extends Pick<QuantizedModel, 'name' | 'labels' | 'rtInfo'> {
  readonly graph: Graph;
}

async function openModel(resolved: ResolvedModel, { convert = {} }: QuantizeOptions): Promise<OpenedModel> {
  if (resolved.kind === 'ir') {
    rejectConversion(resolved.path, convert);
    const { conversion, rtInfo, labels } = await changedIr(resolved.path, convert);
    const graph = directConvolutions.run(conversion.graph);
    return { graph, rtInfo, labels, name: graph.name };
  }
  const { conversion, rtInfo, labels, name } = await convertResolvedModel(resolved, {
    ...convert,
    compressToFp16: false,
    winograd: false,
  });
  return { graph: conversion.graph, rtInfo, labels, name };
}

/** Returns `count` of the items, evenly spread, or all if there are fewer. */
const spread = <T>(items: readonly T[], count: number): readonly T[] =>
  items.length <= count
    ? items
    : Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);

function limitFor(
  core: Core,
  { graph, rtInfo, labels }: OpenedModel,
  set: CalibrationSet,
  { head, maxDrop, annotations, device = 'CPU', signal }: QuantizeOptions,
): DropLimit | undefined {
  if (maxDrop === undefined && annotations === undefined) return undefined;
  const own = headFor(plainPorts(graph), infoIn(rtInfo), head);
  const { measure } = new DetectionDrop(core, graph, own, set, { device, signal, annotations, labels });
  return { largest: maxDrop ?? Infinity, dropOf: measure };
}
