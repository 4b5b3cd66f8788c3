import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { maskedCrc32c } from '../../src/wire/crc32.ts';
import { proto, type ProtoField, shapeBytes } from '../support/proto-bytes.ts';

export const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

const fixed32 = (value: number): Uint8Array => Uint8Array.from(new Uint8Array(Uint32Array.of(value).buffer));

const varints = (...values: readonly number[]): Uint8Array => {
  const writer = new BinaryWriter();
  for (const value of values) writer.uint64(value);
  return writer.finish();
};

export type Row = readonly [key: string, value: Uint8Array];

function block(rows: readonly Row[]): Uint8Array {
  const entries = rows.map(([key, value]) =>
    join(varints(0, key.length, value.length), Buffer.from(key, 'latin1'), value),
  );
  const content = join(...entries, fixed32(0), fixed32(1), Uint8Array.of(0));
  return join(content, fixed32(maskedCrc32c(content)));
}

export function indexBytes(rows: readonly Row[]): Uint8Array {
  const data = block([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
  const meta = block([]);
  const handle = (offset: number, { length }: Uint8Array): Uint8Array => varints(offset, length - 5);
  const index = block([['\u00ff', handle(0, data)]]);
  const handles = join(handle(data.length, meta), handle(data.length + meta.length, index));
  const magic = Uint8Array.of(0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb);
  return join(data, meta, index, handles, new Uint8Array(40 - handles.length), magic);
}

export const header = (shards: number, endianness = 0): Row => ['', proto([1, shards], [2, endianness])];

export interface EntryFacts {
  readonly dtype?: number;
  readonly shape?: readonly number[];
  readonly shard?: number;
  readonly offset?: number;
  readonly size?: number;
  readonly crc?: number;
  /** Slices, each with start and length of every axis. */
  readonly slices?: readonly (readonly (readonly [start: number, length: number])[])[];
}

export function entry({ dtype = 1, shape = [], shard = 0, offset = 0, size = 0, crc = 0, slices = [] }: EntryFacts) {
  const parts = slices.map((axes): ProtoField => [
    7,
    proto(...axes.map(([start, length]): ProtoField => [1, proto([1, start], [2, length])])),
  ]);
  return join(
    proto([1, dtype], [2, shapeBytes(...shape)], [3, shard], [4, offset], [5, size], ...parts),
    new BinaryWriter().tag(6, WireType.Bit32).fixed32(crc).finish(),
  );
}

export const floatEntry = (numbers: readonly number[], facts: EntryFacts = {}): Uint8Array =>
  entry({ shape: [numbers.length], size: 4 * numbers.length, crc: maskedCrc32c(floatBytes(numbers)), ...facts });

export const floatBytes = (numbers: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer);
