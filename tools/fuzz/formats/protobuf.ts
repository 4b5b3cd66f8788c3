import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type MessageType, type NamedField, resolveMessage } from '../../../src/wire/message.ts';
import { bytes, list, numeric, text, type Tree } from '../tree.ts';

/** Parses a message. Labels are `Message.field_name:number`; forms are wire types. */
export function parseProto(type: MessageType<object>, data: Uint8Array, label = `${type.name}:0`): Tree {
  const reader = new BinaryReader(data);
  const items: Tree[] = [];
  while (reader.pos < data.byteLength) {
    const [number, wireType] = reader.tag();
    const field = type.byNumber[number];
    const name = `${type.name}.${field?.protoName ?? 'unknown'}:${number}`;
    items.push(...parseField(field, name, reader, wireType));
  }
  return list(label, 'message', items);
}

function parseField(
  field: NamedField | undefined,
  label: string,
  reader: BinaryReader,
  wire: WireType,
): readonly Tree[] {
  if (wire === WireType.Varint) return [numeric(label, 'varint', BigInt(reader.int64()))];
  if (wire === WireType.Bit32) return [numeric(label, 'float', reader.float())];
  if (wire === WireType.Bit64) return [numeric(label, 'double', reader.double())];
  const data = reader.bytes();
  if (field === undefined || field.type === 'bytes') return [bytes(label, 'bytes', data)];
  if (field.label === 'map') return [parseEntry(field, label, data)];
  if (typeof field.type !== 'string') return [parseProto(resolveMessage(field.type), data, label)];
  if (field.type === 'string') return [text(label, 'string', new TextDecoder().decode(data))];
  return parsePacked(field, label, data);
}

/** Packed numbers become one part each, which is an equivalent encoding. */
function parsePacked({ type }: NamedField, label: string, data: Uint8Array): readonly Tree[] {
  const reader = new BinaryReader(data);
  const items: Tree[] = [];
  while (reader.pos < data.byteLength) {
    if (type === 'float') items.push(numeric(label, 'float', reader.float()));
    else if (type === 'double') items.push(numeric(label, 'double', reader.double()));
    else items.push(numeric(label, 'varint', BigInt(reader.int64())));
  }
  return items;
}

function parseEntry({ type }: NamedField, label: string, data: Uint8Array): Tree {
  const reader = new BinaryReader(data);
  const items: Tree[] = [];
  while (reader.pos < data.byteLength) {
    const [number] = reader.tag();
    const content = reader.bytes();
    if (number === 1) items.push(text('Entry.key:1', 'string', new TextDecoder().decode(content)));
    else if (typeof type !== 'string') items.push(parseProto(resolveMessage(type), content, 'Entry.value:2'));
    else items.push(text('Entry.value:2', 'string', new TextDecoder().decode(content)));
  }
  return list(label, 'message', items);
}

const numberOf = (label: string): number => Number(/:(\d+)$/.exec(label)?.[1] ?? 1) || 1;

const wireOf = (form: string, otherwise: WireType): WireType =>
  ({ varint: WireType.Varint, float: WireType.Bit32, double: WireType.Bit64 })[form] ?? otherwise;

/** Encodes a message. A part of another kind than its form has the wire type of its form, so the decoder is misled. */
export function printProto(tree: Tree): Uint8Array {
  const writer = new BinaryWriter();
  if (tree.kind !== 'list') printField(tree, writer);
  else for (const item of tree.items) printField(item, writer);
  return writer.finish();
}

function printField(part: Tree, writer: BinaryWriter): void {
  const number = numberOf(part.label);
  if (part.kind !== 'number') {
    writer.tag(number, wireOf(part.form, WireType.LengthDelimited));
    if (part.kind === 'list') writer.bytes(printProto(part));
    else writer.bytes(part.kind === 'text' ? new TextEncoder().encode(part.value) : part.value);
    return;
  }
  writer.tag(number, wireOf(part.form, WireType.Varint));
  if (part.form === 'float') writer.fixed32(new Uint32Array(Float32Array.of(Number(part.value)).buffer)[0]!);
  else if (part.form === 'double') writer.double(Number(part.value));
  else writer.int64(BigInt.asIntN(64, toBigInt(part.value)));
}

const toBigInt = (value: number | bigint): bigint =>
  typeof value === 'bigint' ? value : BigInt(Number.isFinite(value) ? Math.trunc(value) : 0);

/** Writes a message in protobuf's text format. */
export function printPbtxt(tree: Tree): string {
  const lines: string[] = [];
  const print = (part: Tree, indent: string): void => {
    const name = /\.(\w+):\d+$/.exec(part.label)?.[1] ?? part.label;
    if (part.kind === 'list') {
      lines.push(`${indent}${name} {`);
      for (const item of part.items) print(item, `${indent}  `);
      lines.push(`${indent}}`);
    } else lines.push(`${indent}${name}: ${part.kind === 'number' ? String(part.value) : quoted(part)}`);
  };
  if (tree.kind === 'list') for (const item of tree.items) print(item, '');
  return `${lines.join('\n')}\n`;
}

const quoted = ({ value }: { readonly value: string | Uint8Array }): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : `"${Array.from(value, byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
