import { DecantError } from '../errors.ts';
import type { Labels } from './labels.ts';

/** More ids than any detector has classes: a typing error in a labels file. */
const MOST_LABELS = 100_000;

/** One name for each id from 0 on: a label's position is its class, as every reader of IRs counts. */
function listOf(labels: Labels): readonly string[] {
  const last = Math.max(...labels.keys());
  if (last > MOST_LABELS) throw new DecantError('invalid-argument', `a label has the id ${last}`);
  const nameOf = (id: number): string => labels.get(id) ?? (id === 0 ? 'background' : `class_${id}`);
  return Array.from({ length: last + 1 }, (_, id) => nameOf(id).trim().replaceAll(/\s+/g, ' '));
}

const asWord = (label: string): string => label.replaceAll(/\s+/g, '_');

/** Labels as `model_info` of an IR holds them: words, with `_` for spaces. @throws DecantError `invalid-argument` */
export const labelWords = (labels: Labels): string => listOf(labels).map(asWord).join(' ');

/** Labels as the file beside an IR holds them: a name a line, from class 0 on. @throws DecantError `invalid-argument` */
export const labelLines = (labels: Labels): string => `${listOf(labels).join('\n')}\n`;

/** What `labelWords` wrote; underscores are taken for spaces. */
export function parseLabelWords(words: string): Labels | undefined {
  const list = words.trim();
  return list === '' ? undefined : toLabels(list.split(/\s+/).map(word => word.replaceAll('_', ' ')));
}

/** What `labelLines` wrote, if it says the same as the words in the IR that it lies beside, but for their spaces. */
export function parseLabelLines(text: string, words: string): Labels | undefined {
  const list = text.trimEnd().split(/\r?\n/);
  return list.map(asWord).join(' ') === words.trim() ? toLabels(list) : undefined;
}

const toLabels = (list: readonly string[]): Labels => new Map(list.map((label, id) => [id, label]));
