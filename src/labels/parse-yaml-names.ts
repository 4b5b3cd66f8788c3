import type { DecantError } from '../errors.ts';
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
  const inline = match[1]!.trim();
  if (inline !== '' && !inline.startsWith('#')) return inlineNames(inline + textAfter(text, match), name, first);
  const lines = textAfter(text, match)
    .split(/\r\n|\r|\n/)
    .slice(1);
  const entries: LabelEntry[] = [];
  for (const [i, line] of lines.entries()) {
    const number = first + i + 1;
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    if (!/^\s/.test(line) && !content.startsWith('-')) break;
    const entry = ENTRY.exec(content);
    if (entry === null) throw malformed(name, number, `'${content}' is not a class name`);
    const label = scalar(withoutComment(entry[2]!), problem => malformed(name, number, problem));
    entries.push([entry[1] === undefined ? entries.length : Number(entry[1]), label, number]);
  }
  return entries;
}

const textAfter = (text: string, { index, 0: matched }: RegExpExecArray): string => text.slice(index + matched.length);

/** A quoted text, or what ends at a comma, and the comments after it; a key may come first. */
const ITEM =
  /(?:(\d+)\s*:\s*)?("(?:[^"\\]|\\.)*"\s*|'(?:[^']|'')*'\s*|[^,'"\]}\s#][^,\]}]*)(?:,(?:\s+|#.*)*|(?=[\]}]))/y;

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
    const label = scalar(item[2]!.trim(), problem => malformed(name, line, problem));
    entries.push([isMap ? Number(item[1]) : entries.length, label, line]);
  }
}

/** A quoted text, and what follows it in its line. */
const QUOTED = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?:#.*)?$/;

function withoutComment(text: string): string {
  const quoted = QUOTED.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  const comment = text.search(/\s#/);
  return comment === -1 ? text : text.slice(0, comment).trimEnd();
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '/': '/', '\\': '\\', ' ': ' ' };

/** Resolves the quotes of a text, and what is escaped within them. */
function scalar(text: string, fail: (problem: string) => DecantError): string {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (!text.startsWith('"')) {
    if (/^['|>&*!{[]/.test(text) || /\s#/.test(text)) throw fail(`${JSON.stringify(text)} is not a class name`);
    const lines = text.split('\n').map(line => line.trim());
    return lines.join(' ');
  }
  if (!/[^\\](?:\\\\)*"$/.test(text.slice(1)) && text !== '""') throw fail(`${text} is not closed`);
  return text.slice(1, -1).replaceAll(ESCAPE, (sequence, ...groups: (string | undefined)[]) => {
    const [x, u, long, letter] = groups;
    const hex = x ?? u ?? long;
    const code = hex === undefined ? NaN : Number.parseInt(hex, 16);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : ESCAPED[letter ?? ''];
    if (character === undefined) throw fail(`${sequence} is not an escape sequence that decant knows`);
    return character;
  });
}

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.?))/gs;
