import { atLeast, callback, type Check, type ChecksOf, either, flag, integer, kind, listOf } from '../check.ts';
import { map, number, object, oneOf, optional, recordOf, shaped, text } from '../check.ts';
import { PREPROCESSING } from '../preprocess/check-steps.ts';
import type { ConvertModelOptions } from './convert-model-options.ts';

const size = either('a number or a range', number, shaped({ min: number, max: number }));

const input = either(
  'a text or an input',
  text,
  shaped({ name: text, shape: optional(listOf(size)), type: optional(text) }),
);

const frozen: Check = (value, what) =>
  Array.isArray(value)
    ? listOf(frozen)(value, what)
    : kind('a number, a text, true or false', one => ['number', 'string', 'boolean'].includes(typeof one))(value, what);

export const INPUT_SHAPES: Check = either(
  'a shape, or shapes by input name',
  text,
  listOf(integer),
  recordOf(listOf(integer)),
);

/** Names and ids of classes: `person,dog,7`. */
export const CLASSES: Check = either('a text, or a list of names and ids', text, listOf(either('', text, atLeast(0))));

/** Name of a head, or a description, whose parts are checked where it is used. */
export const HEAD: Check = either('a name or a description', text, object);

export const CONVERT_OPTIONS: ChecksOf<ConvertModelOptions> = {
  signature: text,
  inputs: either('a text or a list of inputs', text, listOf(input)),
  inputShapes: INPUT_SHAPES,
  outputs: listOf(text),
  freeze: either('a text, or values by input name', text, recordOf(frozen)),
  batch: integer,
  dynamicBatch: integer,
  compressToFp16: flag,
  winograd: flag,
  onStep: callback,
  translators: recordOf(callback),
  preprocess: (value, what) => (typeof value === 'string' ? undefined : PREPROCESSING(value, what)),
  labels: either('a Map or a function', map, callback),
  head: HEAD,
  layout: oneOf('ssd7'),
  onlyDetections: flag,
  scoreThreshold: number,
  iouThreshold: number,
  maxDetections: number,
  keepClasses: CLASSES,
  nms: flag,
};
