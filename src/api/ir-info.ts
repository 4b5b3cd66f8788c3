import type { HeadChoice } from '../detect/heads/find-head.ts';
import { parseHeadDescription } from '../detect/heads/parse-head-description.ts';
import { asDecantError, DecantError } from '../errors.ts';
import type { BoxDecoding, Normalization } from '../detect/heads/port.ts';
import { parseLabelLines, parseLabelWords } from '../labels/label-list.ts';
import type { Labels } from '../labels/labels.ts';
import type { RtInfo } from '../ov/ir/ir.ts';
import type { Nms } from '../detect/nms.ts';
import { readFile } from '../platform/read-file.ts';
import { MAX_TEXT_BYTES } from '../platform/read-text-file.ts';
import { readDecoding } from './decoding-info.ts';
import { type OutputStructure, parseStructure } from './output-structure.ts';
import { type PreprocessInfo, readPreprocessInfo } from '../preprocess/preprocess-info.ts';
import { readNormalization } from './normalization-info.ts';

export interface IrInfo {
  readonly labels: Labels | undefined;
  /** Id of the first class, for lists of class names without ids; undefined if the output convention determines it. */
  readonly firstClassId: number | undefined;
  readonly notes: readonly string[];
  readonly preprocess: PreprocessInfo | undefined;
  readonly takesBgr: boolean;
  /** The head that was chosen for the conversion. */
  readonly head: HeadChoice | undefined;
  readonly structure: OutputStructure | undefined;
  /** What the conversion chose for the suppression that the head applies, if it does. */
  readonly nms: Partial<Nms>;
  readonly normalization: Normalization | undefined;
  readonly decoding: BoxDecoding | undefined;
  /** Whether others than decant quantized the model, so that sums of two 8-bit products may need more than 16 bits. */
  readonly hasWideSums: boolean;
}

export async function readIrInfo(path: string): Promise<IrInfo> {
  // Imported only now: it loads a reader of XML.
  const { readRtInfo } = await import('../ov/ir/read-rt-info.ts');
  const xml = (await readFile(path, MAX_TEXT_BYTES)).toString();
  const rtInfo = readRtInfo(xml);
  const hasWideSums = xml.includes('type="FakeQuantize"') && textIn(rtInfo, 'quantization', 'quantizer') === '';
  const info = { ...infoIn(rtInfo), hasWideSums, labels: await labelsAt(path, rtInfo) };
  return isOfDecant(rtInfo) ? info : { ...info, structure: await structureAt(path) };
}

const isOfDecant = (rtInfo: RtInfo): boolean => textIn(rtInfo, 'conversion', 'converter').startsWith('decant ');

/** The structure of an IR that another program wrote; undefined if decant cannot read its graph. */
async function structureAt(path: string): Promise<OutputStructure | undefined> {
  const [{ readIrFile }, { structureOf }] = await Promise.all([
    import('./read-ir-file.ts'),
    import('./graph-structure.ts'),
  ]);
  try {
    return structureOf((await readIrFile(path)).graph);
  } catch (thrown) {
    if (asDecantError(thrown).code === 'internal') throw thrown;
    return undefined;
  }
}

/** The information in an IR itself, with class names whose spaces are underscores. */
export function infoIn(rtInfo: RtInfo): IrInfo {
  const first = textIn(rtInfo, 'conversion', 'first_class');
  const takesBgr =
    isOfModelApi(rtInfo) && !/^(?:yes|true)$/i.test(textIn(rtInfo, 'model_info', 'reverse_input_channels'));
  return {
    takesBgr,
    hasWideSums: false,
    head: headIn(rtInfo),
    structure: structureIn(rtInfo),
    nms: nmsIn(rtInfo),
    firstClassId: /^[01]$/.test(first) ? Number(first) : undefined,
    labels: labelsIn(rtInfo),
    notes: notesIn(rtInfo),
    preprocess: readPreprocessInfo(rtInfo),
    normalization: readNormalization(
      textIn(rtInfo, 'conversion', 'image_mean'),
      textIn(rtInfo, 'conversion', 'image_std'),
    ),
    decoding: readDecoding(
      textIn(rtInfo, 'conversion', 'anchors'),
      textIn(rtInfo, 'conversion', 'anchor_variances'),
      textIn(rtInfo, 'conversion', 'scores'),
    ),
  };
}

export const notesIn = (rtInfo: RtInfo): readonly string[] => lines(textIn(rtInfo, 'conversion', 'notes'));

function headIn(rtInfo: RtInfo): HeadChoice | undefined {
  const text = textIn(rtInfo, 'conversion', 'head');
  if (!text.startsWith('{')) return text === '' ? undefined : text;
  try {
    return parseHeadDescription(JSON.parse(text));
  } catch (cause) {
    throw new DecantError('malformed', 'the description of the head in rt_info is not valid', { cause });
  }
}

/** Titles of the facts that a conversion states about changed post-processing. */
const POST_PROCESSING: Readonly<Record<string, string>> = {
  score_threshold: 'score threshold',
  iou_threshold: 'IoU threshold',
  max_detections: 'maximum number of detections',
  keep_classes: 'only classes',
};

/** The changes of the model's own post-processing that were chosen when it was converted. */
export const postProcessingIn = (rtInfo: RtInfo): readonly (readonly [title: string, value: string])[] =>
  Object.entries(POST_PROCESSING).flatMap(([key, title]) => {
    const value = textIn(rtInfo, 'conversion', key);
    return value === '' ? [] : [[title, value] as const];
  });

function structureIn(rtInfo: RtInfo): OutputStructure | undefined {
  const text = textIn(rtInfo, 'conversion', 'structure');
  return text === '' ? undefined : parseStructure(text);
}

function nmsIn(rtInfo: RtInfo): Partial<Nms> {
  const numbers = (key: string): readonly number[] =>
    [...textIn(rtInfo, 'conversion', key).matchAll(/(?:^|, )(\d+(?:\.\d+)?(?:e-\d+)?)/g)].map(([, digits]) =>
      Number(digits),
    );
  const [scoreThreshold] = numbers('score_threshold');
  const [iouThreshold] = numbers('iou_threshold');
  const [maxDetections] = numbers('max_detections');
  const classIds = numbers('keep_classes');
  return {
    ...(scoreThreshold !== undefined && { scoreThreshold }),
    ...(iouThreshold !== undefined && { iouThreshold }),
    ...(maxDetections !== undefined && { maxDetections }),
    ...(classIds.length > 0 && { classIds: new Set(classIds) }),
  };
}

const lines = (text: string): readonly string[] => (text === '' ? [] : text.split('\n'));

const MAX_LABELS_BYTES = 2 ** 24;

/** The labels in `model_info`; if the labels file next to the IR has the same names, those, which may contain spaces. */
async function labelsAt(path: string, rtInfo: RtInfo): Promise<Labels | undefined> {
  const words = textIn(rtInfo, 'model_info', 'labels');
  if (words === '') return undefined;
  const beside = await readFile(labelsPath(path), MAX_LABELS_BYTES).then(String, () => undefined);
  return (beside === undefined ? undefined : parseLabelLines(beside, words)) ?? labelsIn(rtInfo);
}

function labelsIn(rtInfo: RtInfo): Labels | undefined {
  const words = textIn(rtInfo, 'model_info', 'labels');
  return words === '' ? undefined : parseLabelWords(words);
}

export const labelsPath = (xml: string): string => xml.replace(/(?:\.xml)?$/, '.labels.txt');

const isOfModelApi = (rtInfo: RtInfo): boolean => /^ssd$/i.test(textIn(rtInfo, 'model_info', 'model_type'));

function textIn(rtInfo: RtInfo, section: string, key: string): string {
  const info = rtInfo[section];
  const text = typeof info === 'object' ? info[key] : undefined;
  return typeof text === 'string' ? text : '';
}
