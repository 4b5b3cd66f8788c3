import { atLeast, checkArgument, text as aText } from '../check.ts';
import { DecantError } from '../errors.ts';
import type { Labels } from './labels.ts';
import { hasYamlNames, parseYamlNames } from './parse-yaml-names.ts';
import { isLabelMap, type LabelEntry, malformed, parseLabelMap } from './parse-label-map.ts';

/**
 * Parses a labels file in any of these formats:
 * - one name per line, numbered from `firstId`, or from 0 if the first name is `background`;
 * - an id and a name per line, separated by a colon, a comma, spaces or tabs: `17: cat`;
 * - a name and an id per line, separated by a comma: `cat,17`; CSV may start with a line of column names;
 * - a TensorFlow label map: `item { id: 17 name: 'cat' display_name: 'Cat' }`; `display_name` wins;
 * - JSON: an array of names, numbered like lines, an object from id to name or from name to id, or COCO annotations;
 * - YAML with `names`, a list or a map from ids, as YOLO's `metadata.yaml` and `data.yaml`.
 *
 * @param name the file's name in errors
 * @param firstId the model's first class id, 0 or 1, for lists without ids
 * @throws DecantError `malformed`, with the line number if the format has lines
 *
 * @example
 * ```ts
 * import { parseLabels } from 'decant';
 *
 * const labels = parseLabels('cat\ndog\n', 'names.txt', 1);
 * console.log(labels.get(2)); // dog
 * ```
 */
export function parseLabels(text: string, name: string, firstId = 0): Labels {
  checkArgument(text, 'the text', aText);
  checkArgument(name, 'the name', aText);
  checkArgument(firstId, 'the first id', atLeast(0));
  const content = text.replace(/^\uFEFF/, '').trimEnd();
  const entries = parseEntries(content, name, firstId);
  if (entries.length > MAX_CLASSES) throw tooMany(name, entries.length);
  if (entries.length === 0) throw new DecantError('malformed', `${name} has no labels`);
  const labels = new Map<number, string>();
  for (const [id, label, line] of entries) {
    if (id > MAX_ID) throw malformed(name, line, `the id ${id} is larger than ${MAX_ID}`);
    if (labels.has(id)) throw malformed(name, line, `duplicate id ${id}`);
    labels.set(id, label);
  }
  return labels;
}

/** More than any data set has; ImageNet has 21,841. */
const MAX_CLASSES = 2 ** 17;

/** Models return class ids as 32-bit integers. */
const MAX_ID = 2 ** 31 - 1;

/** Letters of a list of names. Annotations in JSON are longer. */
const MAX_LENGTH = 2 ** 23;

const tooMany = (name: string, count: number): DecantError =>
  new DecantError('limit', `${name} has ${count} classes, more than ${MAX_CLASSES}`, {
    remedy: 'Check that it is a file of class names.',
  });

function parseEntries(content: string, name: string, firstId: number): readonly LabelEntry[] {
  if (/^\s*[[{]/.test(content) || /\.json$/i.test(name)) return parseJson(content, name, firstId);
  if (content.length > MAX_LENGTH) {
    throw new DecantError('limit', `${name} is too long for a list of class names: ${content.length} letters`, {
      remedy: `Check that it is one. The most are ${MAX_LENGTH} letters.`,
    });
  }
  if (isLabelMap(content)) return parseLabelMap(content, name);
  if (hasYamlNames(content)) return parseYamlNames(content, name);
  return parseLines(content, name, firstId);
}

/** `17: cat`, `17 cat`, `17,cat` and `17;cat`; `cat,17` and `cat;17`. */
const NUMBERED = [/^(?<id>\d+)(?:\s*[:,;]\s*|\s+)(?<label>\S.*)$/, /^(?<label>\S.*)[,;\t][^\S\t]*(?<id>\d+)$/];

/** `'cat',`: a list as programs have it, without its brackets. */
const QUOTED = /^(["'])(?<label>.+)\1,?$/;

function parseLines(content: string, name: string, firstId: number): readonly LabelEntry[] {
  const lines = content === '' ? [] : content.split(/\r\n|\r|\n/).map(line => line.trim());
  if (lines[0]?.startsWith('<') === true) throw malformed(name, 1, 'this is XML or HTML, not a list of class names');
  const skipped = hasColumnNames(lines) ? 1 : 0;
  const form = NUMBERED.find(pattern => pattern.test(lines[skipped] ?? ''));
  const quoted = form === undefined && lines.every(line => QUOTED.test(line));
  const names = quoted ? lines.map(line => QUOTED.exec(line)!.groups!['label']!) : lines;
  const start = firstIdOf(names[0], firstId);
  return names.slice(skipped).map((text, index) => {
    const line = skipped + index + 1;
    if (text === '') throw malformed(name, line, 'the line is empty, but every class needs a name');
    if (form === undefined) return [start + index, text, line];
    const { id, label } = form.exec(text)?.groups ?? {};
    if (label === undefined) throw malformed(name, line, `'${text}' has no id, but the first line has one`);
    return [Number(id), unquoted(label.trim()), line];
  });
}

/** The text of a field of CSV. */
const unquoted = (field: string): string => (/^".*"$/.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field);

const SEPARATOR = /[,;\t]/;

/** Whether CSV starts with a line such as `id,name`: the only one without an id. */
const hasColumnNames = ([first = '', ...others]: readonly string[]): boolean =>
  SEPARATOR.test(first) &&
  others.length > 0 &&
  NUMBERED.some(form => !form.test(first) && others.every(line => SEPARATOR.test(line) && form.test(line)));

function parseJson(content: string, name: string, firstId: number): readonly LabelEntry[] {
  const value = readJson(content, name);
  const label = (entry: unknown, place: string): string => {
    if (typeof entry === 'string' && entry.trim() !== '') return entry.trim();
    throw malformed(name, 0, `${place} is not a name: ${JSON.stringify(entry)}`);
  };
  if (Array.isArray(value)) {
    const labels = value.map((entry: unknown, index) => label(entry, `entry ${index}`));
    const start = firstIdOf(labels[0], firstId);
    return labels.map((text, index) => [start + index, text, 0]);
  }
  if ('categories' in value && Array.isArray(value.categories)) return value.categories.map(categoryReader(name));
  const ids = Object.values(value) as readonly unknown[];
  if (ids.length > 0 && ids.every(id => Number.isSafeInteger(id) && Number(id) >= 0)) {
    return Object.entries(value).map(([key, id]) => [Number(id), label(key, 'a key'), 0]);
  }
  return Object.entries(value).map(([key, entry]) => {
    if (!/^\d+$/.test(key)) throw malformed(name, 0, `the key '${key}' is not a class id`);
    return [Number(key), label(entry, `the value of class ${key}`), 0];
  });
}

/** Reads an entry of `categories` in COCO annotations. */
const categoryReader =
  (name: string) =>
  (category: unknown, index: number): LabelEntry => {
    const { id, name: label } = (category ?? {}) as { readonly id?: unknown; readonly name?: unknown };
    if (Number.isSafeInteger(id) && Number(id) >= 0 && typeof label === 'string' && label.trim() !== '') {
      return [Number(id), label.trim(), 0];
    }
    throw malformed(name, 0, `category ${index} has no id and name: ${JSON.stringify(category)}`);
  };

function readJson(content: string, name: string): object {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new DecantError('malformed', `${name} is not JSON: ${cause instanceof Error ? cause.message : ''}`, {
      cause,
    });
  }
  if (typeof value === 'object' && value !== null) return value;
  throw malformed(name, 0, `the names are not in a list or an object, but ${JSON.stringify(value)}`);
}

/** A list that starts with the background is numbered from 0, whatever the model's first class id. */
const firstIdOf = (firstName: string | undefined, firstId: number): number =>
  firstName?.toLowerCase() === 'background' ? 0 : firstId;
