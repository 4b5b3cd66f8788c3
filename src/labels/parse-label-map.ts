import { DecantError } from '../errors.ts';

/** `line` is 0 if the format has no line numbers. */
export type LabelEntry = readonly [id: number, label: string, line: number];

export const malformed = (name: string, line: number, problem: string): DecantError =>
  new DecantError('malformed', line === 0 ? `${name}: ${problem}` : `${name}, line ${line}: ${problem}`);

/** Strings, words and numbers, punctuation. A stray quote is its own token, so that errors name its line. */
const TOKEN = /\s+|#.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\w.+-]+|[^\s\w]/g;

interface Token {
  readonly text: string;
  readonly line: number;
}

export const isLabelMap = (text: string): boolean => /^(?:\s|#.*)*item\s*:?\s*[{<]/.test(text);

export function parseLabelMap(text: string, name: string): readonly LabelEntry[] {
  const tokens = tokenize(text);
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
      else if (depth === 1 && tokens[at + 1]?.text === ':') fields.set(token.text, tokens[at + 2] ?? token);
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
  if (!/^(".*"|'.*')$/.test(label.text)) throw malformed(name, label.line, `${label.text} is not a quoted name`);
  return [Number(id.text), unescape(label.text.slice(1, -1)), line];
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [token] of text.matchAll(TOKEN)) {
    if (!/^[\s#]/.test(token)) tokens.push({ text: token, line });
    else if (!token.startsWith('#')) line += token.split('\n').length - 1;
  }
  return tokens;
}

const isOpening = (token: Token | undefined): boolean => token?.text === '{' || token?.text === '<';
const isClosing = (token: Token): boolean => token.text === '}' || token.text === '>';

/** Resolves escaped quotes and backslashes, and the octal UTF-8 bytes that protobuf's Python writer emits. */
const unescape = (text: string): string =>
  text.replace(/((?:\\[0-7]{1,3})+)|\\(.)/g, (_, octals: string | undefined, character: string) =>
    octals === undefined
      ? character
      : utf8.decode(Uint8Array.from(octals.split('\\').slice(1), digits => parseInt(digits, 8))),
  );

const utf8 = new TextDecoder();
