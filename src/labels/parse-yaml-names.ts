import { type LabelEntry, malformed } from './parse-label-map.ts';

/** Whether a text is YAML with class names, such as `metadata.yaml` and `data.yaml` of YOLO. */
export const hasYamlNames = (text: string): boolean => NAMES.test(text);

const NAMES = /^names\s*:[^\S\n]*(.*)$/m;

/** `0: person`, `- person`, with quotes or without. */
const ENTRY = /^(?:(\d+)\s*:|-)\s+(\S.*)$/;

/**
 * Reads the entry `names` of YAML: a list or a map from ids, in lines or in brackets.
 *
 * @throws DecantError `malformed`, with the line number
 */
export function parseYamlNames(text: string, name: string): readonly LabelEntry[] {
  const match = NAMES.exec(text)!;
  const first = text.slice(0, match.index).split('\n').length;
  const inline = withoutComment(match[1]!);
  if (inline !== '') return inlineNames(inline + textAfter(text, match), name, first);
  const lines = textAfter(text, match)
    .split(/\r\n|\r|\n/)
    .slice(1);
  const entries: LabelEntry[] = [];
  for (const [i, line] of lines.entries()) {
    const content = withoutComment(line.trim());
    if (content === '') continue;
    if (!/^\s/.test(line) && !content.startsWith('-')) break;
    const entry = ENTRY.exec(content);
    if (entry === null) throw malformed(name, first + i + 1, `'${content}' is not a class name`);
    entries.push([entry[1] === undefined ? entries.length : Number(entry[1]), unquoted(entry[2]!), first + i + 1]);
  }
  return entries;
}

const textAfter = (text: string, { index, 0: matched }: RegExpExecArray): string => text.slice(index + matched.length);

/** A quoted text, or what ends at a comma; a key may come first. */
const ITEM = /(?:(\d+)\s*:\s*)?("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,'"\]}\s][^,\]}]*)\s*(?:,|(?=[\]}]))\s*/y;

/** A list or map in brackets: `[person, dog]`, `{0: person, 1: dog}`. */
function inlineNames(text: string, name: string, line: number): readonly LabelEntry[] {
  const isMap = text.startsWith('{');
  if (!isMap && !text.startsWith('[')) throw malformed(name, line, 'the names are neither a list nor a map');
  const entries: LabelEntry[] = [];
  ITEM.lastIndex = 1 + /^\s*/.exec(text.slice(1))![0].length;
  for (;;) {
    const at = ITEM.lastIndex;
    if (text[at] === (isMap ? '}' : ']')) return entries;
    const item = ITEM.exec(text);
    if (item === null || (item[1] === undefined) === isMap) {
      throw malformed(name, line, `the list of names is malformed at ${JSON.stringify(text.slice(at, at + 20))}`);
    }
    entries.push([isMap ? Number(item[1]) : entries.length, unquoted(item[2]!.trim()), line]);
  }
}

const withoutComment = (text: string): string => text.replace(/(?:^|\s+)#.*$/, '').trim();

function unquoted(text: string): string {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
}
