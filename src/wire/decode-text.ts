import { DecantError } from '../errors.ts';
import { type MessageType, type NamedField, resolveMessage, type Scalar } from './message.ts';
import { parseInteger, parseReal } from './numerals.ts';
import type { PbtxtMessage, PbtxtValue } from './pbtxt.ts';

export function decodeText<T extends object>(type: MessageType<T>, text: PbtxtMessage): T {
  const values: Record<string, unknown> = {};
  for (const field of type.fields) {
    const given = text.fields.get(field.protoName);
    if (given !== undefined) values[field.name] = readField(field, given);
  }
  return Object.assign(type.create(), values);
}

function readField(field: NamedField, given: readonly PbtxtValue[]): unknown {
  switch (field.label) {
    case 'one':
    case 'optional':
      if (given.length !== 1) fail(given[1], `${field.protoName} appears ${given.length} times, expected once`);
      return readValue(field, given[0]!);
    case 'repeated':
      return given.map(value => readValue(field, value));
    case 'lazy':
      return () => given.map(value => readValue(field, value));
    case 'map':
      return new Map(given.map(value => readEntry(field, value)));
  }
}

const readValue = ({ type }: NamedField, value: PbtxtValue): unknown =>
  typeof type === 'string' ? readScalar(type, value) : decodeText(resolveMessage(type), asMessage(value));

function readEntry(field: NamedField, entry: PbtxtValue): readonly [string, unknown] {
  const { fields } = asMessage(entry);
  const key = fields.get('key')?.[0];
  const value = fields.get('value')?.[0];
  if (key === undefined || value === undefined) fail(entry, `an entry of ${field.protoName} needs a key and a value`);
  return [readString(key), readValue(field, value)];
}

function readScalar(type: Scalar, value: PbtxtValue): unknown {
  if (type === 'string') return readString(value);
  if (type === 'bytes') return value.kind === 'string' ? value.bytes : fail(value, 'expected a string');
  const text = value.kind === 'word' ? value.text : fail(value, `expected a value of type ${type}`);
  switch (type) {
    case 'bool':
      return readBool(text) ?? fail(value, `'${text}' is neither true nor false`);
    case 'int32':
    case 'fixed32':
    case 'int64':
      return Number(parseInteger(text) ?? fail(value, `'${text}' is not an integer`));
    case 'bigint':
      return parseInteger(text) ?? fail(value, `'${text}' is not an integer`);
    case 'float':
      return Math.fround(readReal(text, value));
    case 'double':
      return readReal(text, value);
    case 'enum':
      return /^-?[0-9]/.test(text) ? Number(parseInteger(text) ?? fail(value, `'${text}' is not an integer`)) : text;
  }
}

const readReal = (text: string, value: PbtxtValue): number =>
  parseReal(text) ?? fail(value, `'${text}' is not a number`);

function readBool(text: string): boolean | undefined {
  if (/^(?:true|True|t|1)$/.test(text)) return true;
  return /^(?:false|False|f|0)$/.test(text) ? false : undefined;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readString(value: PbtxtValue): string {
  if (value.kind !== 'string') fail(value, 'expected a string');
  try {
    return decoder.decode(value.bytes);
  } catch {
    fail(value, 'the string is not UTF-8');
  }
}

const asMessage = (value: PbtxtValue): PbtxtMessage =>
  value.kind === 'message' ? value : fail(value, 'expected a message in braces');

function fail(value: PbtxtValue | undefined, message: string): never {
  throw new DecantError('malformed', value === undefined ? message : `line ${value.line}: ${message}`);
}
