import { checkArgument, checkOptions, iterable, text } from '../check.ts';
import { withinAsync } from '../errors.ts';
import type { Labels } from '../labels/labels.ts';
import type { Graph } from '../ov/graph.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import type { Kernels } from '../quantize/count-kernels.ts';
import { quantizeGraph, type QuantizedLayer } from '../quantize/quantize-graph.ts';
import type { KeptLayer } from '../quantize/where-to-quantize.ts';
import { Core } from '../runtime/core.ts';
import { VERSION } from '../version.ts';
import { type CalibrationInput, CalibrationSet } from './calibration-set.ts';
import { QUANTIZE_OPTIONS } from './check-quantize-options.ts';
import { rejectConversion } from './compile-detector.ts';
import { convertResolvedModel } from './convert-model.ts';
import { DetectionDrop } from './detection-drop.ts';
import { plainPorts } from './graph-ports.ts';
import { infoIn, readIrInfo } from './ir-info.ts';
import { headFor } from './network-head.ts';
import type { QuantizeOptions } from './quantize-options.ts';
import { readIrFile } from './read-ir-file.ts';
import { resolveModel, type ResolvedModel } from './resolve-model.ts';

/** A quantized model, in memory, for `saveModel`. */
export interface QuantizedModel {
  readonly name: string;
  readonly path: string;
  readonly conversion: { readonly graph: Graph };
  readonly labels: Labels | undefined;
  readonly rtInfo: RtInfo;
  /** Layers that compute with 8-bit integers. */
  readonly quantized: readonly QuantizedLayer[];
  /** Layers that stay f32, and why. */
  readonly kept: readonly KeptLayer[];
  /** Executed layers with weights, and how many of them OpenVINO computes with 8-bit integers. */
  readonly kernels: Kernels;
  /** Drop of the mAP, if `maxDrop` is given. */
  readonly drop: number | undefined;
  /** Number of images used. */
  readonly images: number;
  /** What makes the result less reliable: few, unreadable or empty images. */
  readonly warnings: readonly string[];
}

/**
 * Quantizes a model to 8-bit integers (int8). Weights take a quarter of the space, and CPUs with VNNI or AMX instructions run
 * convolutions a few times as fast. The ranges of activations are found by running the model on images, so give some that
 * look like those it will be used on: 100 to 300, without annotations. Equal images give equal models.
 *
 * @param model path of an IR (`.xml`), or a TensorFlow model: a path, name or URL
 * @throws DecantError those of `convertModel`; `invalid-argument` without usable images, `bad-image` if none can be read,
 * `unsupported` if no layer can be quantized or the model does not take images, `runtime-missing`, `cancelled`
 *
 * @example
 * ```ts
 * import { quantizeModel, saveModel } from 'decant';
 *
 * const model = await quantizeModel('centernet.json', ['photo.jpg'], { preset: 'performance' });
 * await saveModel(model, 'centernet-int8.xml');
 * console.log(model.quantized.length, model.kept, model.warnings);
 * ```
 */
export async function quantizeModel(
  model: string,
  images: Iterable<CalibrationInput>,
  options: QuantizeOptions = {},
): Promise<QuantizedModel> {
  checkArgument(model, 'the model', text);
  checkArgument(images, 'the images', iterable);
  checkOptions(options, QUANTIZE_OPTIONS);
  return quantizeResolved(await resolveModel(model), images, options);
}

export async function quantizeResolved(
  resolved: ResolvedModel,
  images: Iterable<CalibrationInput>,
  options: QuantizeOptions = {},
): Promise<QuantizedModel> {
  const { preset = 'mixed', subset = 300, device = 'CPU', maxDrop, signal, onProgress } = options;
  const core = options.core ?? new Core();
  try {
    const opened = await openModel(resolved, options);
    const { graph, rtInfo } = opened;
    const set = new CalibrationSet(plainPorts(graph), infoIn(rtInfo), spread([...images], subset), options.head);
    const { graph: quantizedGraph, ...layers } = await withinAsync(`quantizing ${resolved.path}`, () =>
      quantizeGraph(core, graph, set.samples, {
        limit: maxDrop === undefined ? undefined : { largest: maxDrop, dropOf: dropMeter(core, opened, set, options) },
        preset,
        device,
        signal,
        estimator: options.estimator ?? 'mean',
        correctBiases: options.correctBiases ?? true,
        keep: options.keep ?? [],
        onStep: (step, done) => onProgress?.({ step, done, total: step === 'accuracy' ? undefined : set.size }),
      }),
    );
    return {
      ...opened,
      path: resolved.path,
      conversion: { graph: quantizedGraph },
      rtInfo: { ...rtInfo, quantization: { quantizer: `decant ${VERSION}`, preset, images: String(set.size) } },
      ...layers,
      images: set.size,
      warnings: set.warnings,
    };
  } finally {
    if (core !== options.core) core.close();
  }
}

interface OpenedModel extends Pick<QuantizedModel, 'name' | 'labels' | 'rtInfo'> {
  readonly graph: Graph;
}

async function openModel(resolved: ResolvedModel, { convert }: QuantizeOptions): Promise<OpenedModel> {
  if (resolved.kind === 'ir') {
    rejectConversion(resolved.path, convert);
    const [{ graph, rtInfo }, { labels }] = await Promise.all([readIrFile(resolved.path), readIrInfo(resolved.path)]);
    return { graph, rtInfo, labels, name: graph.name };
  }
  const { conversion, rtInfo, labels, name } = await convertResolvedModel(resolved, {
    ...convert,
    compressToFp16: false,
  });
  return { graph: conversion.graph, rtInfo, labels, name };
}

/** Returns `count` of the items, evenly spread, or all if there are fewer. */
const spread = <T>(items: readonly T[], count: number): readonly T[] =>
  items.length <= count
    ? items
    : Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);

function dropMeter(
  core: Core,
  { graph, rtInfo }: OpenedModel,
  set: CalibrationSet,
  { head, device = 'CPU', signal }: QuantizeOptions,
): (quantized: Graph) => Promise<number> {
  const meter = new DetectionDrop(core, graph, headFor(plainPorts(graph), infoIn(rtInfo), head), set, {
    device,
    signal,
  });
  return meter.measure;
}
