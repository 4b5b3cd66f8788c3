import { type ConvertOptions, type ConversionResult, runConversion } from '../convert.ts';
import { DecantError } from '../errors.ts';
import { graphPorts } from './graph-ports.ts';
import { matchHead } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import { labelWords } from '../labels/label-list.ts';
import type { Labels } from '../labels/labels.ts';
import { resolveModel, type ResolvedModel } from './resolve-model.ts';
import { openSource } from '../platform/open-source.ts';
import { arrangeOutputs, type OutputLayout } from '../output-layout/arrange-outputs.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import { parseSteps } from '../preprocess/parse-steps.ts';
import { preprocessInfo } from '../preprocess/preprocess-info.ts';
import type { InputSteps, Preprocessing } from '../preprocess/steps.ts';
import type { Source } from '../source/source.ts';
import { isStaticDim } from '../tensor/dim.ts';
import { type InputSpec, parseInputShapes, parseInputSpecs } from '../tf/input-spec.ts';
import { VERSION } from '../version.ts';

/**
 * What becomes of a model on its way to OpenVINO: its inputs and outputs, preprocessing, layout, and how weights are
 * stored.
 */
export interface ConvertModelOptions extends Omit<ConvertOptions, 'inputs' | 'inputShapes' | 'preprocess' | 'arrange'> {
  /** Steps that the model does itself, so that it takes frames as they come; as text in the grammar of `parseSteps`. */
  readonly preprocess?: string | Preprocessing | undefined;
  /**
   * Inputs by name, or tensors inside of the graph that become inputs, with shapes and types: specs, or text as `ovc` spells
   * it (`image[1,640,640,3]{u8},other[?,1..10]`).
   */
  readonly inputs?: string | readonly (string | InputSpec)[];
  /**
   * Sizes to fix, -1 leaving one open: a shape for the only input (`[1, 512, 512, 3]`), shapes by name, or text as the
   * command line takes it (`images[1,512,512,3]`).
   */
  readonly inputShapes?: string | readonly number[] | Readonly<Record<string, readonly number[]>>;
  /**
   * The names of the classes, which the IR carries, or what gives them for the id of the model's first class, 0 or 1; those
   * of the model's convention by default.
   */
  readonly labels?: Labels | ((firstClassId: number) => Labels) | undefined;
  /**
   * Another layout for the outputs of a detector: `ssd7` is one output `detection_out` [1,1,N,7], f32, of rows of image (-1
   * ends the list), class, score, xmin, ymin, xmax, ymax, 0..1, as OpenVINO's Model API, Frigate and DL Streamer read it.
   */
  readonly layout?: OutputLayout | undefined;
}

/** A converted model, in memory. */
export interface ConvertedModel {
  readonly name: string;
  /** Where it was read from; undefined for bytes and sources. */
  readonly path: string | undefined;
  /** What stood between the file and the result. */
  readonly conversion: ConversionResult;
  /** The names of the classes, where they are known. */
  readonly labels: Labels | undefined;
  /** What the IR says of itself. */
  readonly rtInfo: RtInfo;
}

/**
 * Converts a TensorFlow model to OpenVINO. The weights of a folder are read when the result is written: its files have to stay
 * as they are until then.
 *
 * @param input the path of a model (a folder, a file, an archive), the name or URL of one, its bytes, or a source
 * @throws DecantError `not-found`, `not-a-model`, `malformed`, `unsupported` with all ops that have no translation; those
 * of `downloadModel`; for a layout `unsupported` where the model is no detector of a known kind
 */
export async function convertModel(
  input: string | Uint8Array | Source,
  options: ConvertModelOptions = {},
): Promise<ConvertedModel> {
  if (typeof input === 'string') return convertResolvedModel(await resolveModel(input), options);
  return convertSource(input instanceof Uint8Array ? await openSource(input) : input, undefined, options);
}

/** `convertModel` for a model that is already resolved. */
export const convertResolvedModel = async (
  { path }: ResolvedModel,
  options: ConvertModelOptions = {},
): Promise<ConvertedModel> => convertSource(await openSource(path), path, options);

async function convertSource(
  source: Source,
  path: string | undefined,
  options: ConvertModelOptions,
): Promise<ConvertedModel> {
  const { layout, preprocess } = options;
  const result = await runConversion(source, toConvertOptions(options));
  const notes = layout === undefined ? [] : layoutNotes(result);
  const conversion = { ...result, notes: [...result.notes, ...notes] };
  const head = matchHead(graphPorts(conversion.translated));
  const labels = labelsOf(head, options);
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

function labelsOf(head: Head | undefined, { labels }: ConvertModelOptions): Labels | undefined {
  const given = typeof labels === 'function' ? labels(head?.firstClassId ?? 0) : labels;
  const known = given ?? head?.labels;
  return known?.size === 0 ? undefined : known;
}

/** The options of the conversion proper. @throws DecantError `invalid-argument` */
export function toConvertOptions(options: ConvertModelOptions): ConvertOptions {
  const { inputs, inputShapes, layout, preprocess, ...rest } = options;
  const { batch = 1 } = rest;
  if (layout !== undefined && batch !== 1) {
    throw new DecantError('invalid-argument', `the layout ${layout} is for a batch of 1`);
  }
  const steps = toPreprocessing(preprocess);
  return {
    ...rest,
    inputs: toInputs(inputs),
    inputShapes: toInputShapes(inputShapes),
    preprocess: steps,
    ...(layout !== undefined && {
      arrange: (graph, translated) => arrangeOutputs(graph, translated, graphPorts(translated), steps),
    }),
  };
}

const toPreprocessing = (given: string | Preprocessing | undefined): Preprocessing | undefined =>
  typeof given === 'string' ? { input: parseSteps(given) } : given;

const toInputs = (given: ConvertModelOptions['inputs'] = []): readonly InputSpec[] =>
  typeof given === 'string'
    ? parseInputSpecs(given)
    : given.flatMap(each => (typeof each === 'string' ? parseInputSpecs(each) : each));

function toInputShapes(given: ConvertModelOptions['inputShapes'] = []): readonly InputSpec[] {
  if (typeof given === 'string') return parseInputShapes(given);
  if (isShape(given)) return given.length === 0 ? [] : [{ name: '', shape: given }];
  return Object.entries(given).map(([name, shape]) => ({ name, shape }));
}

const isShape = (given: readonly number[] | Readonly<Record<string, readonly number[]>>): given is readonly number[] =>
  Array.isArray(given);

/** The model's kind and labels, where tools that read IRs look for them. */
function describe(
  { model, notes }: ConversionResult,
  head: Head | undefined,
  labels: Labels | undefined,
  { layout, preprocess }: ConvertModelOptions,
): RtInfo {
  const info = {
    ...(head === undefined ? {} : { model_type: head.name }),
    ...(layout === undefined ? {} : modelApiInfo(toPreprocessing(preprocess)?.input)),
    ...(labels === undefined ? {} : { labels: labelWords(labels) }),
  };
  return {
    ...(Object.keys(info).length === 0 ? {} : { model_info: info }),
    conversion: {
      converter: `decant ${VERSION}`,
      framework: 'tensorflow',
      format: model.format,
      ...(layout === undefined ? {} : { layout, first_class: String(head?.firstClassId ?? 0) }),
      ...(notes.length === 0 ? {} : { notes: notes.join('\n') }),
    },
  };
}

/** What OpenVINO's Model API reads of a detector with the layout ssd7; the frames that it is given are BGR. */
const modelApiInfo = ({ color = 'RGB' }: InputSteps = {}): RtInfo => ({
  model_type: 'ssd',
  confidence_threshold: '0.5',
  resize_type: 'standard',
  ...(color.startsWith('RGB') ? { reverse_input_channels: 'YES' } : {}),
});

/** What those who are going to run a model with the layout ssd7 should know. */
function layoutNotes({ graph }: ConversionResult): readonly string[] {
  const pictures = [...graph.inputs].filter(([, { shape }]) => shape.length === 4);
  const open = pictures.find(([, { shape }]) => !shape.every(isStaticDim));
  return open === undefined
    ? []
    : [
        `Input '${open[0]}' takes pictures of any size: programs that scale them first, as Frigate does, want one of --input-shape.`,
      ];
}
