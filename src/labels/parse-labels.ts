import { DecantError } from '../errors.ts';
import type { Labels } from './labels.ts';
import { isLabelMap, type LabelEntry, malformed, parseLabelMap } from './parse-label-map.ts';

/**
 * The names of classes from the text of a labels file, in any of these forms:
 * - one name a line, numbered from `firstId`, or from 0 where the first name is `background`;
 * - an id and a name a line: `17: cat`, or a space or tab between the two;
 * - TensorFlow's label map: `item { id: 17 name: 'cat' display_name: 'Cat' }`; the name for display wins;
 * - JSON: an array of names numbered as above, or an object from id to name.
 *
 * @param name what errors call the file
 * @param firstId the id of the first name, as the network counts: 0 or 1
 * @throws DecantError `malformed` with the line
 */
export function parseLabels(text: string, name: string, firstId = 0): Labels {
  const content = text.replace(/^\uFEFF/, '').trimEnd();
  const entries = /^\s*[[{]/.test(content)
    ? parseJson(content, name, firstId)
    : isLabelMap(content)
      ? parseLabelMap(content, name)
      : parseLines(content, name, firstId);
  if (entries.length === 0) throw new DecantError('malformed', `${name} holds no labels`);
  const labels = new Map<number, string>();
  for (const [id, label, line] of entries) {
    if (labels.has(id)) throw malformed(name, line, `the id ${id} is given twice`);
    labels.set(id, label);
  }
  return labels;
}

const ID_AND_NAME = /^(\d+)(?:\s*:\s*|\s+)(\S.*)$/;

function parseLines(content: string, name: string, firstId: number): readonly LabelEntry[] {
  const lines = content === '' ? [] : content.split(/\r\n|\r|\n/).map(line => line.trim());
  const numbered = ID_AND_NAME.test(lines[0] ?? '');
  const start = firstIdOf(lines[0], firstId);
  return lines.map((text, index) => {
    const line = index + 1;
    if (text === '') throw malformed(name, line, 'an empty line; every class needs a name');
    if (!numbered) return [start + index, text, line];
    const match = ID_AND_NAME.exec(text);
    if (match === null) throw malformed(name, line, `'${text}' has no id, and the first line has one`);
    return [Number(match[1]), match[2]!, line];
  });
}

function parseJson(content: string, name: string, firstId: number): readonly LabelEntry[] {
  const value = readJson(content, name);
  const label = (entry: unknown, place: string): string => {
    if (typeof entry === 'string' && entry.trim() !== '') return entry.trim();
    throw malformed(name, 0, `${place} is not a name but ${JSON.stringify(entry)}`);
  };
  if (Array.isArray(value)) {
    const labels = value.map((entry: unknown, index) => label(entry, `entry ${index}`));
    const start = firstIdOf(labels[0], firstId);
    return labels.map((text, index) => [start + index, text, 0]);
  }
  return Object.entries(value).map(([key, entry]) => {
    if (!/^\d+$/.test(key)) throw malformed(name, 0, `the key '${key}' is not a class's id`);
    return [Number(key), label(entry, `the name of class ${key}`), 0];
  });
}

function readJson(content: string, name: string): object {
  try {
    // The text starts with a bracket, so that what comes out is an array or an object.
    return JSON.parse(content) as object;
  } catch (cause) {
    throw new DecantError('malformed', `${name} is not JSON: ${cause instanceof Error ? cause.message : ''}`, {
      cause,
    });
  }
}

/** A list that names the background counts it as class 0 whatever the network's first object is. */
const firstIdOf = (firstName: string | undefined, firstId: number): number =>
  firstName?.toLowerCase() === 'background' ? 0 : firstId;
