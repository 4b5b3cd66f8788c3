import { atLeast, type Check, listOf, map, number, optional, shaped, text, withMethods } from '../check.ts';
import { flag, object } from '../check.ts';
import { DETECTIONS } from '../detect/check-detections.ts';

export const RECORD: Check = shaped({
  file: text,
  width: atLeast(0),
  height: atLeast(0),
  page: optional(atLeast(1)),
  frame: optional(atLeast(0)),
  time: optional(number),
  detections: DETECTIONS,
  ms: optional(object),
});

export const CONTEXT: Check = shaped({
  model: text,
  device: text,
  notes: optional(listOf(text)),
  labels: map,
  dataset: optional(withMethods('ids of a data set', 'imageIdOf', 'categoryIdOf')),
  rawCsv: optional(flag),
});
