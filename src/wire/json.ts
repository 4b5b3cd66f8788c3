import { DecantError } from '../errors.ts';
import { MAX_DEPTH, type MessageType, type NamedField, resolveMessage, type Scalar } from './message.ts';
import { parseInteger, parseReal } from './numerals.ts';

/** Accepts JSON names (`tensorShape`) and `.proto` names (`tensor_shape`); ignores null and unknown fields. */
export function decodeJson<T extends object>(type: MessageType<T>, json: unknown, at: string): T {
  return readMessage(type, json, at, 0);
}

function readMessage<T extends object>(type: MessageType<T>, json: unknown, at: string, depth: number): T {
  if (depth > MAX_DEPTH) fail(at, `messages nest deeper than ${MAX_DEPTH}`);
  const object = asObject(json, at);
  const values: Record<string, unknown> = {};
  for (const field of type.fields) {
    const value = object[field.name] ?? object[field.protoName];
    if (value !== undefined && value !== null)
      values[field.name] = readField(field, value, `${at}.${field.name}`, depth);
  }
  return Object.assign(type.create(), values);
}

function readField(field: NamedField, json: unknown, at: string, depth: number): unknown {
  switch (field.label) {
    case 'one':
    case 'optional':
      return readValue(field, json, at, depth);
    case 'repeated':
      return asArray(json, at).map((item, i) => readValue(field, item, `${at}[${i}]`, depth));
    case 'lazy': {
      const items = asArray(json, at);
      return () => items.map((item, i) => readValue(field, item, `${at}[${i}]`, depth));
    }
    case 'map':
      return new Map(
        Object.entries(asObject(json, at)).map(([key, item]) => [key, readValue(field, item, `${at}.${key}`, depth)]),
      );
  }
}

const readValue = ({ type }: NamedField, json: unknown, at: string, depth: number): unknown =>
  typeof type === 'string' ? readScalar(type, json, at) : readMessage(resolveMessage(type), json, at, depth + 1);

function readScalar(type: Scalar, json: unknown, at: string): unknown {
  switch (type) {
    case 'string':
      return typeof json === 'string' ? json : fail(at, 'expected a string');
    case 'bytes':
      return readBytes(json, at);
    case 'bool':
      return typeof json === 'boolean' ? json : fail(at, 'expected true or false');
    case 'int32':
    case 'int64':
    case 'fixed32':
      return Number(readInteger(json, at));
    case 'bigint':
      return readInteger(json, at);
    case 'float':
      return Math.fround(readReal(json, at));
    case 'double':
      return readReal(json, at);
    case 'enum':
      return typeof json === 'string' || Number.isInteger(json) ? json : fail(at, 'expected an enum name or number');
  }
}

/** 64-bit integers are strings in JSON; smaller ones may be either. */
function readInteger(json: unknown, at: string): bigint {
  if (typeof json === 'number' && Number.isInteger(json)) return BigInt(json);
  return (typeof json === 'string' ? parseInteger(json) : undefined) ?? fail(at, 'expected an integer');
}

function readReal(json: unknown, at: string): number {
  if (typeof json === 'number') return json;
  return (typeof json === 'string' ? parseReal(json) : undefined) ?? fail(at, 'expected a number');
}

/** Base64 in the standard or URL-safe alphabet, or a list of byte values, which some writers produce. */
function readBytes(json: unknown, at: string): Uint8Array {
  if (Array.isArray(json)) return Uint8Array.from(json, item => Number(readInteger(item, at)));
  if (typeof json !== 'string') fail(at, 'expected bytes in base64');
  let binary: string;
  try {
    binary = atob(json.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    fail(at, 'expected bytes in base64');
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function asObject(json: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) fail(at, 'expected an object');
  return json as Readonly<Record<string, unknown>>;
}

const asArray = (json: unknown, at: string): readonly unknown[] =>
  Array.isArray(json) ? json : fail(at, 'expected a list');

function fail(at: string, message: string): never {
  throw new DecantError('malformed', `${at}: ${message}`);
}
