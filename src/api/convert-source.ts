import { checkArgument, map } from '../check.ts';
import { type ConvertOptions, type ConversionResult, runConversion } from '../convert.ts';
import { DecantError } from '../errors.ts';
import { graphPorts } from './graph-ports.ts';
import { namesBeside } from './names-beside.ts';
import { structureOf } from './graph-structure.ts';
import { checkHeadName, findHead, type HeadChoice, matchHead } from '../detect/heads/find-head.ts';
import { normalizationInfo } from './normalization-info.ts';
import type { Head } from '../detect/heads/head.ts';
import { labelsFor } from '../labels/coco.ts';
import { labelWords } from '../labels/label-list.ts';
import type { Labels } from '../labels/labels.ts';
import { type InputShapes, toInputShapes } from './input-shapes.ts';
import {
  NMS_HEAD,
  type PostProcessingOptions,
  postProcessingInfo,
  postProcessingSteps,
} from './post-processing-options.ts';
import type { Graph } from '../ov/graph.ts';
import type { OutputLayout } from '../output-layout/arrange-outputs.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import { parseSteps } from '../preprocess/parse-steps.ts';
import { preprocessInfo } from '../preprocess/preprocess-info.ts';
import type { InputSteps, Preprocessing } from '../preprocess/steps.ts';
import type { Source } from '../source/source.ts';
import { isStaticDim } from '../tensor/dim.ts';
import { type FrozenValue, parseFrozenValues } from '../tf/frozen-value.ts';
import { type InputSpec, parseInputSpecs } from '../tf/input-spec.ts';
import type { TfModel } from '../tf/model.ts';
import { VERSION } from '../version.ts';

/** Inputs and outputs, preprocessing, post-processing, output layout and weight type of a conversion. */
export interface ConvertModelOptions
  extends
    Omit<
      ConvertOptions,
      'inputs' | 'inputShapes' | 'freeze' | 'preprocess' | 'arrange' | 'appendNms' | 'limitDetections' | 'postProcess'
    >,
    PostProcessingOptions {
  /**
   * The kind of detector, by its name in `docs/detectors.md` or as a description; by default, the one that the outputs show.
   */
  readonly head?: HeadChoice | undefined;
  /** Preprocessing to add to the model, as an object or as text: `u8,nhwc,bgr,resize=linear,mean=127.5`. */
  readonly preprocess?: string | Preprocessing | undefined;
  /**
   * Inputs, or inner tensors that become inputs, with shapes and types: as objects, or as text in the syntax of `ovc`
   * (`image[1,640,640,3]{u8},other[?,1..10]`).
   */
  readonly inputs?: string | readonly (string | InputSpec)[];
  /**
   * Shapes to fix, where -1 leaves a size dynamic: one shape for the only input (`[1, 512, 512, 3]`), shapes by input name,
   * or text (`images[1,512,512,3]`).
   */
  readonly inputShapes?: InputShapes;
  /**
   * Inputs to replace by constants, so that what depends on them alone folds: values by input or placeholder, or text. One
   * value fills any shape: `{ phase_train: false, sizes: [1, 2] }`, `phase_train=false,sizes=[1,2]`.
   */
  readonly freeze?: string | Readonly<Record<string, FrozenValue>>;
  /**
   * Class names to store in the IR, or a function that returns them for the model's first class id, 0 or 1. By default,
   * those of the model's output convention.
   */
  readonly labels?: Labels | ((firstClassId: number) => Labels) | undefined;
  /**
   * Rewrites a detector's outputs. `ssd7` is a single output `detection_out` f32 [1,1,N,7] with rows of image (-1 ends the
   * list), class, score, xmin, ymin, xmax, ymax (0..1), for OpenVINO's Model API, Frigate and DL Streamer.
   */
  readonly layout?: OutputLayout | undefined;
  /**
   * Leaves out the outputs of a detector that `Detector` does not read, such as the scores of all candidates. Without effect
   * with `outputs` or `layout`.
   */
  readonly onlyDetections?: boolean | undefined;
}

/** A converted model, in memory; `path` is undefined for bytes and sources. */
export interface ConvertedModel {
  readonly name: string;
  readonly path: string | undefined;
  readonly conversion: ConversionResult;
  readonly labels: Labels | undefined;
  readonly rtInfo: RtInfo;
}

/**
 * Converts the model in a source.
 *
 * @param path of the model, if it has one
 */
export async function convertSource(
  source: Source,
  path: string | undefined,
  given: ConvertModelOptions = {},
): Promise<ConvertedModel> {
  const options = { ...given, labels: given.labels ?? (await namesBeside(source)) };
  const { layout, preprocess, head: chosen } = options;
  // The schema of descriptions is loaded for them alone.
  if (typeof chosen === 'object') (await import('../detect/heads/check-head.ts')).checkHead(chosen);
  const result = await runConversion(source, toConvertOptions(options));
  const notes = layout === undefined ? [] : layoutNotes(result);
  const conversion = { ...result, notes: [...result.notes, ...notes] };
  const head = headOf(conversion, options);
  const labels = labelsOf(head, options, result.model);
  return {
    name: conversion.model.name,
    path,
    conversion,
    labels,
    rtInfo: {
      ...describe(conversion, head, labels, options),
      ...preprocessInfo(conversion.translated, toPreprocessing(preprocess)),
    },
  };
}

const headText = (head: HeadChoice): string => (typeof head === 'string' ? head : JSON.stringify(head));

/** Other models are converted, too: only a chosen head must fit. */
const headOf = ({ translated }: ConversionResult, options: ConvertModelOptions): Head | undefined =>
  (options.head === undefined ? matchHead : findHead)(graphPorts(translated), headAfter(options));

/** The kind of the converted model. */
const headAfter = ({ head, nms }: ConvertModelOptions): HeadChoice | undefined => (nms === true ? NMS_HEAD : head);

function labelsOf(
  head: Head | undefined,
  { labels }: ConvertModelOptions,
  model: Pick<TfModel, 'detector'>,
): Labels | undefined {
  const given = typeof labels === 'function' ? labels(head?.firstClassId ?? 0) : labels;
  if (given !== undefined) checkArgument(given, 'the result of labels', map);
  const known = given ?? (head && statedLabels(model)) ?? head?.labels;
  return known?.size === 0 ? undefined : known;
}

/** Names in the file, or COCO's if it has as many classes. The file counts from 0, without a background. */
function statedLabels({ detector }: Pick<TfModel, 'detector'>): Labels | undefined {
  const { labels, classCount = 0 } = detector ?? {};
  if (labels === undefined) {
    const common = [...labelsFor(classCount)];
    const first = classCount === 90 ? 1 : 0;
    return common.length === 0 ? undefined : new Map(common.map(([id, name]) => [id - first, name]));
  }
  return new Map(labels.flatMap((name, id) => (name === undefined ? [] : [[id, name] as const])));
}

export function toConvertOptions(options: ConvertModelOptions): ConvertOptions {
  const { inputs, inputShapes, freeze = {}, layout, onlyDetections = false, preprocess, head, ...rest } = options;
  const { batch = 1, outputs } = rest;
  if (layout !== undefined && batch !== 1) {
    throw new DecantError('invalid-argument', `the layout ${layout} is for a batch of 1`);
  }
  if (typeof head === 'string') checkHeadName(head);
  const steps = toPreprocessing(preprocess);
  const after = headAfter(options);
  return {
    ...rest,
    inputs: toInputs(inputs),
    inputShapes: toInputShapes(inputShapes),
    freeze: typeof freeze === 'string' ? parseFrozenValues(freeze) : new Map(Object.entries(freeze)),
    preprocess: steps,
    ...postProcessingSteps(
      options,
      (translated, model) => labelsOf(matchHead(graphPorts(translated), head), options, model),
      head,
    ),
    ...(layout !== undefined && {
      async arrange(graph, translated) {
        const { arrangeOutputs } = await import('../output-layout/arrange-outputs.ts');
        return arrangeOutputs(graph, translated, graphPorts(translated), { head: after, steps });
      },
    }),
    ...(onlyDetections &&
      layout === undefined &&
      outputs === undefined && {
        async arrange(graph, translated) {
          const { keepDetections } = await import('../output-layout/keep-detections.ts');
          return keepDetections(graph, graphPorts(translated), after);
        },
      }),
  };
}

const toPreprocessing = (given: string | Preprocessing | undefined): Preprocessing | undefined =>
  typeof given === 'string' ? { input: parseSteps(given) } : given;

const toInputs = (given: ConvertModelOptions['inputs'] = []): readonly InputSpec[] =>
  typeof given === 'string'
    ? parseInputSpecs(given)
    : given.flatMap(each => (typeof each === 'string' ? parseInputSpecs(each) : each));

function describe(
  { model, translated, notes }: ConversionResult,
  head: Head | undefined,
  labels: Labels | undefined,
  options: ConvertModelOptions,
): RtInfo {
  const { layout, preprocess, scoreThreshold } = options;
  const info = {
    ...(head === undefined ? {} : { model_type: head.name }),
    ...(layout === undefined ? {} : modelApiInfo(toPreprocessing(preprocess)?.input, scoreThreshold)),
    ...(labels === undefined ? {} : { labels: labelWords(labels) }),
  };
  return {
    ...(Object.keys(info).length === 0 ? {} : { model_info: info }),
    conversion: {
      converter: `decant ${VERSION}`,
      framework: 'tensorflow',
      format: model.format,
      ...normalizationInfo(model.detector?.normalization),
      ...postProcessingInfo(options, labels),
      ...(options.head === undefined || layout !== undefined ? {} : { head: headText(headAfter(options)!) }),
      ...(head?.evidence === 'names' || layout !== undefined ? {} : structureInfo(translated)),
      ...(layout === undefined ? {} : { layout, first_class: String(head?.firstClassId ?? 0) }),
      ...(notes.length === 0 ? {} : { notes: notes.join('\n') }),
    },
  };
}

/** What tells detectors with the same shapes apart. */
function structureInfo(graph: Graph): RtInfo {
  const structure = structureOf(graph);
  const isPlain = structure.selection === 'none' && Object.keys(structure.parts).length === 0;
  return isPlain ? {} : { structure: JSON.stringify(structure) };
}

/** Settings for OpenVINO's Model API, which passes BGR frames. */
const modelApiInfo = ({ color = 'RGB' }: InputSteps = {}, scoreThreshold = 0.5): RtInfo => ({
  model_type: 'ssd',
  confidence_threshold: String(scoreThreshold),
  resize_type: 'standard',
  ...(color.startsWith('RGB') ? { reverse_input_channels: 'YES' } : {}),
});

function layoutNotes({ graph }: ConversionResult): readonly string[] {
  const dynamic = [...graph.inputs].find(([, { shape }]) => shape.length === 4 && !shape.every(isStaticDim));
  if (dynamic === undefined) return [];
  return [
    `Input '${dynamic[0]}' takes images of any size. Programs that resize images first, such as Frigate, need a fixed size: --input-shape.`,
  ];
}
