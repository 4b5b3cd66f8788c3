import { BinaryReader } from '@bufbuild/protobuf/wire';
import { DecantError } from '../../errors.ts';
import { putBlock } from '../../tensor/blocks.ts';
import { allocate, byteLengthOf } from '../../tensor/element-type.ts';
import { packStrings } from '../../tensor/strings.ts';
import { deferred, sizeOf, type Tensor, tensorFromBytes } from '../../tensor/tensor.ts';
import type { OpenFile } from '../../source/source.ts';
import { decodeBinary, readingBytes } from '../../wire/binary.ts';
import { crc32c, maskedCrc32c } from '../../wire/crc32c.ts';
import { message, one, optional, type RecordOf, repeated } from '../../wire/message.ts';
import type { DataType } from '../data-type.ts';
import type { TfTensor } from '../model.ts';
import { constantElement, tensorShapeProto, toShape } from '../proto/tensor-proto.ts';
import { readDataType } from '../proto/read-data-type.ts';
import { blockOf, checkParts, type Extent, sliceKey } from './slices.ts';

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

/** An index, one character for each byte of its keys, and the files that it is about. */
export interface BundleFiles {
  readonly entries: ReadonlyMap<string, Uint8Array>;
  readonly shards: readonly OpenFile[];
}

/**
 * The tensor of an entry, whose elements are checked and decoded on first use: a view of the shard, where it can be.
 * @param key as `entries` have it
 * @param what names the tensor in errors
 */
export function readEntry(files: BundleFiles, key: string, bytes: Uint8Array, what: string): TfTensor {
  const entry = decodeBinary(entryProto, bytes);
  const dtype = readDataType(entry.dtype, what);
  const shape = entry.shape === undefined ? [] : toShape(entry.shape);
  if (shape === undefined || shape.includes(-1)) {
    throw new DecantError('malformed', `the shape of ${what} is not static`);
  }
  let decoded: Tensor | undefined;
  const decode = (): Tensor =>
    entry.slices.length === 0
      ? decodeWhole(files, entry, dtype, shape, what)
      : decodeParts(files, key, entry.slices.map(toExtents), dtype, shape, what);
  return { dtype, shape, data: () => (decoded ??= decode()) };
}

/** Tensors below this size stay in memory once they are read; the many bytes are in the few larger ones. */
const HELD_BYTES = 1 << 16;

type Entry = RecordOf<typeof entryProto>;

const toExtents = (slice: RecordOf<typeof sliceProto>): readonly Extent[] =>
  slice.extent.map(({ start, length }) => ({ start, length: length ?? -1 }));

function decodeWhole(
  { shards }: BundleFiles,
  { shardId, offset, size, crc32c: expected }: Entry,
  dtype: DataType,
  shape: readonly number[],
  what: string,
): Tensor {
  const shard = shards[shardId];
  if (shard === undefined) throw new DecantError('malformed', `${what} stands in shard ${shardId} of ${shards.length}`);
  if (!(offset >= 0 && size >= 0 && offset + size <= shard.byteLength)) {
    throw new DecantError('malformed', `${what} ends at byte ${offset + size} of a shard of ${shard.byteLength}`, {
      remedy: 'The file was cut short: get the model again.',
    });
  }
  const read = (): Uint8Array => shard.bytes(offset, offset + size);
  const bytes = read();
  const element = constantElement(dtype, what);
  if (element === 'string') return decodeStrings(bytes, shape, expected, what);
  if (size !== byteLengthOf(element, sizeOf(shape))) {
    throw new DecantError('malformed', `${what} has ${size} bytes, which do not fill ${element}[${shape.join(',')}]`);
  }
  checkSum(maskedCrc32c(bytes), expected, what);
  if (shard.inMemory || size < HELD_BYTES) return tensorFromBytes(element, shape, bytes);
  return deferred(element, shape, () => tensorFromBytes(element, shape, read()).data);
}

/** A partitioned tensor, put together from the entries of its parts. */
function decodeParts(
  files: BundleFiles,
  key: string,
  parts: readonly (readonly Extent[])[],
  dtype: DataType,
  shape: readonly number[],
  what: string,
): Tensor {
  const element = constantElement(dtype, what);
  if (element === 'string') throw new DecantError('unsupported', `${what} holds texts and is partitioned`);
  const blocks = parts.map(extents => blockOf(extents, shape, what));
  checkParts(blocks, shape, what);
  const held = files.shards.reduce((sum, shard) => sum + shard.byteLength, 0);
  if (byteLengthOf(element, sizeOf(shape)) > held) {
    throw new DecantError('malformed', `the shards are too small for [${shape.join(',')}], the shape of ${what}`);
  }
  const data = allocate(element, sizeOf(shape));
  parts.forEach((extents, i) => {
    const { starts, lengths } = blocks[i]!;
    const part = `part ${starts.join(',')} of ${what}`;
    const bytes = files.entries.get(sliceKey(key, extents));
    if (bytes === undefined) throw new DecantError('malformed', `${part} is missing`);
    putBlock(data, shape, decodeWhole(files, decodeBinary(entryProto, bytes), dtype, lengths, part), starts);
  });
  return { type: element, shape, data };
}

const CHECKSUM_BYTES = 4;

/** The lengths of all strings as varints, a checksum of them, then the characters. */
function decodeStrings(bytes: Uint8Array, shape: readonly number[], expected: number, what: string): Tensor {
  const count = sizeOf(shape);
  if (!(count <= bytes.byteLength)) throw new DecantError('malformed', `${what} is shorter than its ${count} texts`);
  return readingBytes(what, () => {
    const reader = new BinaryReader(bytes);
    const lengths = Array.from({ length: count }, () => Number(reader.uint64()));
    const start = reader.pos;
    let end = start + CHECKSUM_BYTES;
    const strings = lengths.map(length => bytes.subarray(end, (end += length)));
    if (end !== bytes.byteLength) throw new DecantError('malformed', `the texts of ${what} do not fill their entry`);
    // The checksum runs over the lengths as integers of four bytes, their own checksum, and the characters.
    const fixed = new Uint8Array(Uint32Array.from(lengths).buffer);
    checkSum(maskedCrc32c(bytes.subarray(start), crc32c(fixed)), expected, what);
    return packStrings(shape, strings);
  });
}

function checkSum(found: number, expected: number, what: string): void {
  if (found === expected) return;
  throw new DecantError('malformed', `${what} is damaged: its checksum is another`, { remedy: 'Get the model again.' });
}
