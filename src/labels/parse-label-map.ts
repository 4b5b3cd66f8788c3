import { DecantError } from '../errors.ts';
import { unescapeBytes } from '../wire/c-escapes.ts';

/** `line` is 0 if the format has no line numbers. */
export type LabelEntry = readonly [id: number, label: string, line: number];

export const malformed = (name: string, line: number, problem: string): DecantError =>
  new DecantError('malformed', line === 0 ? `${name}: ${problem}` : `${name}, line ${line}: ${problem}`);

/** Strings, words and numbers, punctuation. A string without its end takes the rest of its line. */
const TOKEN = /\s+|#.*|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|[\w.+-]+|[^\s\w]/g;
const CLOSED = /^(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')$/;

/** Letters of a string in an error. */
const MAX_QUOTED = 40;

interface Token {
  readonly text: string;
  readonly line: number;
}

export const isLabelMap = (text: string): boolean => /^(?:\s|#.*\n)*item(?:\s*:)?\s*[{<]/.test(text);

export function parseLabelMap(text: string, name: string): readonly LabelEntry[] {
  const tokens = tokenize(text, name);
  const entries: LabelEntry[] = [];
  let at = 0;
  while (at < tokens.length) {
    const item = tokens[at++]!;
    if (tokens[at]?.text === ':') at++;
    if (item.text !== 'item' || !isOpening(tokens[at])) {
      throw malformed(name, item.line, `expected 'item {', found '${item.text}'`);
    }
    const fields = new Map<string, Token>();
    let depth = 1;
    for (at++; depth > 0; at++) {
      const token = tokens[at];
      if (token === undefined) throw malformed(name, item.line, 'this item is not closed');
      if (isOpening(token)) depth++;
      else if (isClosing(token)) depth--;
      else if (token.text === 'item') throw malformed(name, item.line, 'this item is not closed');
      else if (depth === 1 && tokens[at + 1]?.text === ':') fields.set(token.text, valueAt(tokens, at + 2) ?? token);
    }
    if (tokens[at]?.text === ',' || tokens[at]?.text === ';') at++;
    entries.push(entryOf(fields, item.line, name));
  }
  return entries;
}

function entryOf(fields: ReadonlyMap<string, Token>, line: number, name: string): LabelEntry {
  const id = fields.get('id');
  if (id === undefined) throw malformed(name, line, 'this item has no id');
  if (!/^\d+$/.test(id.text)) throw malformed(name, id.line, `'${id.text}' is not an id`);
  const label = fields.get('display_name') ?? fields.get('name');
  if (label === undefined) throw malformed(name, line, 'this item has neither a name nor a display_name');
  if (!isString(label)) throw malformed(name, label.line, `${label.text} is not a quoted name`);
  const fail = (problem: string): never => {
    throw malformed(name, label.line, problem);
  };
  return [Number(id.text), unescape(label.text.slice(1, -1), fail), line];
}

/** The token at an index, joined with the strings after it, as protobuf joins them. */
function valueAt(tokens: readonly Token[], at: number): Token | undefined {
  const first = tokens[at];
  if (first === undefined || !isString(first)) return first;
  let value = first.text.slice(1, -1);
  for (let next = tokens[++at]; next !== undefined && isString(next); next = tokens[++at]) {
    value += next.text.slice(1, -1);
  }
  return { ...first, text: `"${value}"` };
}

const isString = ({ text }: Token): boolean => /^["']/.test(text);

function tokenize(text: string, name: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^["']/.test(token) && !CLOSED.test(token)) {
      throw malformed(name, line, `the string ${token.slice(0, MAX_QUOTED)} is not closed`);
    }
    if (!/^[\s#]/.test(token)) tokens.push({ text: token, line });
    else if (!token.startsWith('#')) line += token.split('\n').length - 1;
  }
  return tokens;
}

const isOpening = (token: Token | undefined): boolean => token?.text === '{' || token?.text === '<';
const isClosing = (token: Token): boolean => token.text === '}' || token.text === '>';

/** Resolves the escape sequences of protobuf's text format; octal and hexadecimal ones are bytes of UTF-8. */
function unescape(text: string, fail: (problem: string) => never): string {
  const bytes = unescapeBytes(new TextEncoder().encode(text), fail);
  try {
    return utf8.decode(bytes);
  } catch {
    return fail('the bytes of this name are not UTF-8');
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
