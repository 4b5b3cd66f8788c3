import { checkArgument, map } from '../check.ts';
import type { ConversionResult } from '../convert.ts';
import type { HeadChoice } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import { labelsFor } from '../labels/coco.ts';
import { labelWords } from '../labels/label-list.ts';
import type { Labels } from '../labels/labels.ts';
import type { Graph } from '../ov/graph.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import { toPreprocessing } from '../preprocess/parse-steps.ts';
import { preprocessInfo } from '../preprocess/preprocess-info.ts';
import type { InputSteps } from '../preprocess/steps.ts';
import type { TfModel } from '../tf/model.ts';
import { VERSION } from '../version.ts';
import type { ConvertModelOptions } from './convert-model-options.ts';
import { decodingInfo } from './decoding-info.ts';
import { findGraphHead, matchGraphHead } from './graph-head.ts';
import { structureOf } from './graph-structure.ts';
import { normalizationInfo } from './normalization-info.ts';
import { headAfter, postProcessingInfo } from './post-processing-options.ts';

interface ConversionDescription {
  readonly labels: Labels | undefined;
  readonly rtInfo: RtInfo;
}

/**
 * Returns what the IR states about a conversion.
 *
 * @throws DecantError `unsupported` if the chosen head does not fit; `invalid-argument` if the given labels are not a map
 */
export function describeConversion(conversion: ConversionResult, options: ConvertModelOptions): ConversionDescription {
  const { model, translated } = conversion;
  const head = convertedHead(translated, options);
  const labels = labelsOf(head, options, model);
  return {
    labels,
    rtInfo: {
      ...sectionsOf(conversion, head, labels, options),
      ...preprocessInfo(translated, toPreprocessing(options.preprocess)),
    },
  };
}

/** Returns the class names of a translated model. */
export const translatedLabels = (
  translated: Graph,
  options: ConvertModelOptions,
  model: Pick<TfModel, 'detector'>,
): Labels | undefined => labelsOf(matchGraphHead(translated, options.head), options, model);

const headText = (head: HeadChoice): string => (typeof head === 'string' ? head : JSON.stringify(head));

/** Other models are converted, too: only a chosen head must fit. */
const convertedHead = (translated: Graph, options: ConvertModelOptions): Head | undefined =>
  (options.head === undefined ? matchGraphHead : findGraphHead)(translated, headAfter(options));

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

function sectionsOf(
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
      ...decodingInfo(model.detector?.decoding),
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
