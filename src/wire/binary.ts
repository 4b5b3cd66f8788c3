import { DecantError } from '../errors.ts';
import { MAX_DEPTH, type MessageType, type NamedField, NONE, resolveMessage, type Scalar } from './message.ts';
import { WireReader, WireType } from './wire-reader.ts';

/** `bytes` fields are views of `bytes`; unknown fields are skipped. */
export const decodeBinary = <T extends object>(type: MessageType<T>, bytes: Uint8Array): T =>
  readingBytes(`${type.name} message`, () => readMessage(type, new WireReader(bytes), bytes.byteLength, 0));

export function readingBytes<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof DecantError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new DecantError('malformed', `corrupt ${what}: ${reason}`, { cause: thrown });
  }
}

function readMessage<T extends object>(type: MessageType<T>, reader: WireReader, end: number, depth: number): T {
  if (depth > MAX_DEPTH) throw new DecantError('malformed', `${type.name} messages nest deeper than ${MAX_DEPTH}`);
  const record = type.create();
  const values = record as Record<string, unknown>;
  const start = reader.pos;
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const field = type.byNumber[number];
    if (field === undefined) reader.skip(wireType, number);
    else if (field.label === 'lazy') {
      checkWireType(field, wireType, WireType.LengthDelimited);
      // One function for all items, rather than each: a SavedModel has tens of thousands that are never read.
      if (values[field.name] === NONE) values[field.name] = deferred(field, reader.between(start, end), depth);
      reader.pos = endOf(reader);
    } else readField(field, values, reader, wireType, depth);
  }
  if (reader.pos !== end) throw new DecantError('malformed', `${type.name} message runs past its end`);
  return record;
}

function readField(
  field: NamedField,
  values: Record<string, unknown>,
  reader: WireReader,
  wireType: WireType,
  depth: number,
): void {
  const { label, type } = field;
  if (label === 'repeated' && wireType === WireType.LengthDelimited && isPackable(type)) {
    const list = values[field.name] as unknown[];
    const end = endOf(reader);
    while (reader.pos < end) list.push(readScalar(type, reader));
    if (reader.pos !== end) throw new DecantError('malformed', `field ${field.protoName} runs past its end`);
    return;
  }
  const expected = label !== 'map' && typeof type === 'string' ? WIRE_TYPES[type] : WireType.LengthDelimited;
  checkWireType(field, wireType, expected);
  if (label === 'map') readEntry(field, values[field.name] as Map<string, unknown>, reader, depth);
  else if (label === 'repeated') (values[field.name] as unknown[]).push(readValue(field, reader, depth));
  else values[field.name] = readValue(field, reader, depth);
}

function checkWireType({ protoName }: NamedField, wireType: WireType, expected: WireType): void {
  if (wireType === expected) return;
  throw new DecantError('malformed', `field ${protoName} has wire type ${wireType}, expected ${expected}`);
}

function readValue({ type }: NamedField, reader: WireReader, depth: number): unknown {
  if (typeof type === 'string') return readScalar(type, reader);
  return readMessage(resolveMessage(type), reader, endOf(reader), depth + 1);
}

function readEntry(field: NamedField, into: Map<string, unknown>, reader: WireReader, depth: number): void {
  const end = endOf(reader);
  let key = '';
  let value: unknown;
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    if (number === 1 && wireType === WireType.LengthDelimited) key = reader.string();
    else if (number === 2 && wireType === WireType.LengthDelimited) value = readValue(field, reader, depth);
    else reader.skip(wireType, number);
  }
  if (reader.pos !== end) throw new DecantError('malformed', `entry of ${field.protoName} runs past its end`);
  if (value !== undefined) into.set(key, value);
}

/** Reads the items of a field when called; `bytes` are those of its message, whose bounds are checked. */
const deferred = (field: NamedField, bytes: Uint8Array, depth: number) => (): readonly unknown[] =>
  readingBytes(`${resolveMessage(field.type).name} message`, () => {
    const items: unknown[] = [];
    const reader = new WireReader(bytes);
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      if (number === field.number) items.push(readValue(field, reader, depth));
      else reader.skip(wireType, number);
    }
    return items;
  });

function endOf(reader: WireReader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) {
    throw new DecantError('malformed', `expected ${length} bytes, found ${reader.len - reader.pos}`, {
      remedy: 'Download the file again: it is truncated or corrupt.',
    });
  }
  return end;
}

function readScalar(type: Scalar, reader: WireReader): unknown {
  switch (type) {
    case 'string':
      return reader.string();
    case 'bytes':
      return reader.bytes();
    case 'bool':
      return reader.bool();
    case 'int32':
    case 'enum':
      return reader.int32();
    case 'int64':
      return reader.int64();
    case 'bigint':
      return reader.bigint();
    case 'fixed32':
      return reader.fixed32();
    case 'float':
      return reader.float();
    case 'double':
      return reader.double();
  }
}

const WIRE_TYPES: Readonly<Record<Scalar, WireType>> = {
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
  bool: WireType.Varint,
  int32: WireType.Varint,
  enum: WireType.Varint,
  int64: WireType.Varint,
  bigint: WireType.Varint,
  fixed32: WireType.Bit32,
  float: WireType.Bit32,
  double: WireType.Bit64,
};

const isPackable = (type: NamedField['type']): type is Scalar =>
  typeof type === 'string' && WIRE_TYPES[type] !== WireType.LengthDelimited;
