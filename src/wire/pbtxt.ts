import { DecantError } from '../errors.ts';
import { unescapeBytes } from './c-escapes.ts';
import { MAX_DEPTH } from './message.ts';

/** A number, bool or enum name, kept as written: its meaning depends on the field type. */
export interface PbtxtWord {
  readonly kind: 'word';
  readonly text: string;
  readonly line: number;
}

export interface PbtxtString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
  readonly line: number;
}

export interface PbtxtMessage {
  readonly kind: 'message';
  readonly fields: ReadonlyMap<string, readonly PbtxtValue[]>;
  readonly line: number;
}

export type PbtxtValue = PbtxtWord | PbtxtString | PbtxtMessage;

export function parsePbtxt(text: string): PbtxtMessage {
  return new Parser(text).message(undefined, 0);
}

class Parser {
  private readonly text: string;
  private pos = 0;
  private line = 1;
  private lineStart = 0;
  private lineEnd: number;

  constructor(text: string) {
    this.text = text;
    this.lineEnd = endOfLine(text, 0);
  }

  message(close: string | undefined, depth: number): PbtxtMessage {
    const line = this.currentLine();
    if (depth > MAX_DEPTH) this.fail(`messages nest deeper than ${MAX_DEPTH}`);
    const fields = new Map<string, PbtxtValue[]>();
    for (;;) {
      const next = this.peek();
      if (next === close) {
        this.pos += 1;
        return { kind: 'message', fields, line };
      }
      if (next === undefined) this.fail(`expected '${close ?? ''}' before the end of the text`);
      this.field(fields, depth);
    }
  }

  private field(fields: Map<string, PbtxtValue[]>, depth: number): void {
    const name = this.accept('[') ? this.extensionName() : this.word('a field name');
    const values = fields.get(name) ?? [];
    fields.set(name, values);
    const hasColon = this.accept(':');
    const next = this.peek();
    if (!hasColon && next !== '{' && next !== '<' && next !== '[') this.fail(`expected ':' or '{' after '${name}'`);
    if (this.accept('[')) this.list(values, depth);
    else values.push(this.value(depth));
    if (!this.accept(',')) this.accept(';');
  }

  private list(values: PbtxtValue[], depth: number): void {
    if (this.accept(']')) return;
    do values.push(this.value(depth));
    while (this.accept(','));
    if (!this.accept(']')) this.fail(`expected ',' or ']' in a list`);
  }

  private value(depth: number): PbtxtValue {
    const next = this.peek();
    if (this.accept('{')) return this.message('}', depth + 1);
    if (this.accept('<')) return this.message('>', depth + 1);
    const line = this.currentLine();
    if (next === '"' || next === "'") return { kind: 'string', bytes: this.strings(), line };
    const sign = this.accept('-') ? '-' : '';
    return { kind: 'word', text: sign + this.word('a value'), line };
  }

  private word(what: string): string {
    this.peek();
    const start = this.pos;
    while (isWordCode(this.text.charCodeAt(this.pos))) this.pos += 1;
    if (this.pos === start) this.fail(`expected ${what}`);
    return this.text.slice(start, this.pos);
  }

  private extensionName(): string {
    const end = this.text.indexOf(']', this.pos);
    if (end < 0) this.fail(`expected ']' after an extension name`);
    const name = this.text.slice(this.pos - 1, end + 1);
    this.pos = end + 1;
    return name;
  }

  private strings(): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let quote = this.peek(); quote === '"' || quote === "'"; quote = this.peek()) parts.push(this.string(quote));
    return parts.length === 1 ? parts[0]! : concatenate(parts);
  }

  private string(quote: string): Uint8Array {
    const start = ++this.pos;
    let escaped = false;
    for (; this.text[this.pos] !== quote; this.pos++) {
      const char = this.text[this.pos];
      if (char === undefined || char === '\n') this.fail('unterminated string');
      if (char === '\\') {
        escaped = true;
        this.pos += 1;
      }
    }
    const bytes = encoder.encode(this.text.slice(start, this.pos));
    this.pos += 1;
    return escaped ? unescapeBytes(bytes, message => this.fail(message)) : bytes;
  }

  private accept(char: string): boolean {
    if (this.peek() !== char) return false;
    this.pos += 1;
    return true;
  }

  private peek(): string | undefined {
    for (;;) {
      const code = this.text.charCodeAt(this.pos);
      if (code === 0x23 /* # */) this.pos = endOfLine(this.text, this.pos);
      else if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) this.pos += 1;
      else return this.text[this.pos];
    }
  }

  private currentLine(): number {
    while (this.lineEnd < Math.min(this.pos, this.text.length)) {
      this.line += 1;
      this.lineStart = this.lineEnd + 1;
      this.lineEnd = endOfLine(this.text, this.lineStart);
    }
    return this.line;
  }

  private fail(message: string): never {
    const line = this.currentLine();
    throw new DecantError('malformed', `line ${line}, column ${this.pos - this.lineStart + 1}: ${message}`);
  }
}

const encoder = new TextEncoder();

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

const isWordCode = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x5f /* _ */ ||
  code === 0x2e /* . */ ||
  code === 0x2b /* + */ ||
  code === 0x2d; /* - */

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
