import { DecantError } from '../../errors.ts';
import type { Source } from '../../source/source.ts';
import { putBlock } from '../../tensor/blocks.ts';
import { allocate } from '../../tensor/element-type.ts';
import { packStrings } from '../../tensor/strings.ts';
import { sizeOf, type Tensor, tensorFromBytes } from '../../tensor/tensor.ts';
import { decodeBinary, readingBytes } from '../../wire/binary.ts';
import { maskedCrc32c } from '../../wire/crc32c.ts';
import { readTable } from '../../wire/leveldb-table.ts';
import { message, one, optional, type RecordOf, repeated } from '../../wire/message.ts';
import type { DataType } from '../data-type.ts';
import type { TfTensor } from '../model.ts';
import { constantElement, tensorShapeProto, toShape } from '../proto/tensor-proto.ts';
import { readDataType } from '../proto/read-data-type.ts';
import { type Extent, sliceKey } from './slices.ts';
import { BinaryReader } from '@bufbuild/protobuf/wire';

const header = message('BundleHeaderProto', { numShards: one(1, 'int32'), endianness: one(2, 'enum') });

/** What part of a partitioned tensor stands in an entry of its own; no length is all of an axis. */
const sliceProto = message('TensorSliceProto', {
  extent: repeated(1, message('Extent', { start: one(1, 'int64'), length: optional(2, 'int64') })),
});

const entryProto = message('BundleEntryProto', {
  dtype: one(1, 'enum'),
  shape: optional(2, tensorShapeProto),
  shardId: one(3, 'int32'),
  offset: one(4, 'int64'),
  size: one(5, 'int64'),
  crc32c: one(6, 'fixed32'),
  slices: repeated(7, sliceProto),
});

/** A checkpoint of TensorFlow 2, and of TensorFlow 1 since its version 0.12: tensors by key. */
export interface TensorBundle {
  readonly keys: ReadonlySet<string>;
  /** A tensor that decodes, and is checked, on first use. @throws DecantError `not-found` */
  tensor(key: string): TfTensor;
}

/** More shards than any checkpoint has: each is a file that would be opened. */
const MOST_SHARDS = 10_000;

/**
 * The bundle of `PREFIX.index` and `PREFIX.data-00000-of-00001`, whose bytes are read once and viewed.
 * @throws DecantError `malformed`, `unsupported`, `not-found` for a missing shard
 */
export async function readTensorBundle(source: Source, prefix: string): Promise<TensorBundle> {
  const entries = new Map<string, Uint8Array>();
  for (const [key, value] of readTable(await source.read(`${prefix}.index`))) entries.set(keyText(key), value);
  const head = entries.get('');
  if (head === undefined) throw new DecantError('malformed', `'${prefix}.index' has no header`);
  entries.delete('');
  const { numShards, endianness } = decodeBinary(header, head);
  if (endianness !== 0) throw new DecantError('unsupported', 'a checkpoint of a big-endian machine');
  if (!(numShards >= 1 && numShards <= MOST_SHARDS)) {
    throw new DecantError('malformed', `'${prefix}.index' speaks of ${numShards} shards`);
  }
  const shards: Uint8Array[] = [];
  for (let i = 0; i < numShards; i++) shards.push(await source.read(`${prefix}.data-${five(i)}-of-${five(numShards)}`));
  return {
    keys: new Set(entries.keys()),
    tensor(key) {
      const entry = entries.get(key);
      if (entry === undefined) throw new DecantError('not-found', `the checkpoint holds no '${key}'`);
      return toTensor(decodeBinary(entryProto, entry), `'${key}' of the checkpoint`, key, entries, shards);
    },
  };
}

const five = (n: number): string => String(n).padStart(5, '0');

/** Keys are paths, but those of slices hold any bytes: one character a byte keeps them apart. */
const keyText = (key: Uint8Array): string => {
  let text = '';
  for (const byte of key) text += String.fromCharCode(byte);
  return text;
};

type Entry = RecordOf<typeof entryProto>;

const toExtent = (extent: RecordOf<typeof sliceProto>['extent'][number] | undefined): Extent => ({
  start: extent?.start ?? 0,
  length: extent?.length ?? -1,
});

function toTensor(
  entry: Entry,
  what: string,
  key: string,
  entries: ReadonlyMap<string, Uint8Array>,
  shards: readonly Uint8Array[],
): TfTensor {
  const dtype = readDataType(entry.dtype, what);
  const shape = entry.shape === undefined ? [] : toShape(entry.shape);
  if (shape === undefined || shape.includes(-1))
    throw new DecantError('malformed', `the shape of ${what} is not static`);
  let decoded: Tensor | undefined;
  const decode = (): Tensor => {
    if (entry.slices.length === 0) return decodeEntry(entry, dtype, shape, what, shards);
    const element = constantElement(dtype, what);
    const whole = allocate(element, sizeOf(shape));
    for (const slice of entry.slices) {
      const extents = shape.map((_, axis) => toExtent(slice.extent[axis]));
      const part = entries.get(sliceKey(key, extents));
      const lengths = extents.map(({ length }, axis) => (length < 0 ? shape[axis]! : length));
      const inside = extents.every(({ start }, axis) => start >= 0 && start + lengths[axis]! <= shape[axis]!);
      if (part === undefined || !inside) throw new DecantError('malformed', `a part of ${what} is missing`);
      const tensor = decodeEntry(decodeBinary(entryProto, part), dtype, lengths, `a part of ${what}`, shards);
      putBlock(
        whole,
        shape,
        tensor,
        extents.map(({ start }) => start),
      );
    }
    return { type: element, shape, data: whole };
  };
  return { dtype, shape, data: () => (decoded ??= decode()) };
}

function decodeEntry(
  { shardId, offset, size, crc32c }: Entry,
  dtype: DataType,
  shape: readonly number[],
  what: string,
  shards: readonly Uint8Array[],
): Tensor {
  const shard = shards[shardId];
  if (shard === undefined) throw new DecantError('malformed', `${what} stands in shard ${shardId} of ${shards.length}`);
  if (!(offset >= 0 && size >= 0 && offset + size <= shard.byteLength)) {
    throw new DecantError('malformed', `${what} ends at byte ${offset + size} of a shard of ${shard.byteLength}`, {
      remedy: 'The file was cut short: get the model again.',
    });
  }
  const bytes = shard.subarray(offset, offset + size);
  const element = constantElement(dtype, what);
  if (element === 'string') return decodeStrings(bytes, shape, crc32c, what);
  if (maskedCrc32c(bytes) !== crc32c) throw damaged(what);
  return tensorFromBytes(element, shape, bytes);
}

const damaged = (what: string): DecantError =>
  new DecantError('malformed', `${what} is damaged: its checksum is another`, { remedy: 'Get the model again.' });

/** The lengths of all strings as varints, a checksum of four bytes over them, then the characters. */
function decodeStrings(bytes: Uint8Array, shape: readonly number[], crc: number, what: string): Tensor {
  const count = sizeOf(shape);
  if (!(count <= bytes.byteLength)) throw new DecantError('malformed', `${what} is shorter than its ${count} texts`);
  return readingBytes(what, () => {
    const reader = new BinaryReader(bytes);
    const lengths = Array.from({ length: count }, () => Number(reader.uint64()));
    reader.pos += 4;
    const strings = lengths.map(length => {
      const start = reader.pos;
      reader.pos += length;
      if (reader.pos > bytes.byteLength) throw new DecantError('malformed', `${what} runs past its end`);
      return bytes.subarray(start, reader.pos);
    });
    // The checksum runs over the lengths as fixed integers, their own checksum, and the characters.
    if (stringsChecksum(lengths, bytes.subarray(bytes.byteLength - sum(lengths) - 4)) !== crc) throw damaged(what);
    return packStrings(shape, strings);
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function stringsChecksum(lengths: readonly number[], rest: Uint8Array): number {
  const head = new Uint8Array(4 * lengths.length);
  const view = new DataView(head.buffer);
  lengths.forEach((length, i) => view.setUint32(4 * i, length, true));
  const all = new Uint8Array(head.byteLength + rest.byteLength);
  all.set(head);
  all.set(rest, head.byteLength);
  return maskedCrc32c(all);
}
