import { DecantError } from '../errors.ts';
import type { Labels } from './labels.ts';

/** Guards against a typo in a labels file: no detector has this many classes. */
const MAX_CLASS_ID = 100_000;

/** Lists one name for every id from 0: readers of IRs take a label's position as its class id. */
function namesByPosition(labels: Labels): readonly string[] {
  const last = [...labels.keys()].reduce((most, id) => Math.max(most, id), 0);
  if (last > MAX_CLASS_ID) {
    throw new DecantError('invalid-argument', `class id ${last} is too large, the maximum is ${MAX_CLASS_ID}`);
  }
  const nameOf = (id: number): string => labels.get(id) ?? (id === 0 ? 'background' : `class_${id}`);
  return Array.from({ length: last + 1 }, (_, id) => nameOf(id).trim().replaceAll(/\s+/g, ' '));
}

const asWord = (label: string): string => label.replaceAll(/\s+/g, '_');

/** Formats labels for `model_info` of an IR: separated by spaces, with `_` for spaces inside. */
export const labelWords = (labels: Labels): string => namesByPosition(labels).map(asWord).join(' ');

export const labelLines = (labels: Labels): string => `${namesByPosition(labels).join('\n')}\n`;

export function parseLabelWords(words: string): Labels | undefined {
  const list = words.trim();
  return list === '' ? undefined : toLabels(list.split(/\s+/).map(word => word.replaceAll('_', ' ')));
}

/** Parses the output of `labelLines`. Returns undefined if the names do not match those inside the IR (`words`). */
export function parseLabelLines(text: string, words: string): Labels | undefined {
  const list = text.trimEnd().split(/\r?\n/);
  return list.map(asWord).join(' ') === words.trim() ? toLabels(list) : undefined;
}

const toLabels = (list: readonly string[]): Labels => new Map(list.map((label, id) => [id, label]));
