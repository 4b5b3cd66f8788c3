import { DecantError } from '../../errors.ts';
import { putBlock } from '../../tensor/blocks.ts';
import { allocate, byteLengthOf } from '../../tensor/element-type.ts';
import { packStrings } from '../../tensor/strings.ts';
import { scratchMemory } from '../../tensor/scratch.ts';
import { deferred, sizeOf, type Tensor, tensorFromBytes } from '../../tensor/tensor.ts';
import type { OpenFile } from '../../source/source.ts';
import { decodeBinary, readingBytes } from '../../wire/binary.ts';
import { crc32c, maskedCrc32c } from '../../wire/crc32.ts';
import { message, one, optional, type RecordOf, repeated } from '../../wire/message.ts';
import { WireReader } from '../../wire/wire-reader.ts';
import type { DataType } from '../data-type.ts';
import type { TfTensor } from '../model.ts';
import { constantElement, tensorShapeProto, toShape } from '../proto/tensor-proto.ts';
import { readDataType } from '../proto/read-data-type.ts';
import { blockOf, checkSlices, type Extent, sliceKey } from './slices.ts';

const sliceProto = message('TensorSliceProto', {
  extent: repeated(1, message('Extent', { start: one(1, 'int64'), length: optional(2, 'int64') })),
});

export const bundleEntry = message('BundleEntryProto', {
  dtype: one(1, 'enum'),
  shape: optional(2, tensorShapeProto),
  shardId: one(3, 'int32'),
  offset: one(4, 'int64'),
  size: one(5, 'int64'),
  crc32c: one(6, 'fixed32'),
  slices: repeated(7, sliceProto),
});

export interface BundleFiles {
  readonly entries: ReadonlyMap<string, Uint8Array>;
  readonly shards: readonly OpenFile[];
}

export function readEntry(files: BundleFiles, key: string, bytes: Uint8Array, what: string): TfTensor {
  const entry = decodeBinary(bundleEntry, bytes);
  const dtype = readDataType(entry.dtype, what);
  const shape = entry.shape === undefined ? [] : toShape(entry.shape);
  if (shape === undefined || shape.includes(-1)) {
    throw new DecantError('malformed', `the shape of ${what} is not static`);
  }
  let decoded: Tensor | undefined;
  const decode = (): Tensor =>
    entry.slices.length === 0
      ? decodeWhole(files, entry, dtype, shape, what)
      : decodeSlices(files, key, entry.slices.map(toExtents), dtype, shape, what);
  return { dtype, shape, data: () => (decoded ??= decode()) };
}

/** Smaller tensors stay in memory once read; most bytes are in a few larger ones. */
const MAX_CACHED_BYTES = 1 << 16;

type Entry = RecordOf<typeof bundleEntry>;

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
  if (shard === undefined) {
    throw new DecantError('malformed', `${what} is in shard ${shardId}, but the checkpoint has ${shards.length}`);
  }
  if (!(offset >= 0 && size >= 0 && offset + size <= shard.byteLength)) {
    throw new DecantError(
      'malformed',
      `${what} ends at byte ${offset + size}, but its shard at byte ${shard.byteLength}`,
      {
        remedy: 'Download the model again: the file is truncated.',
      },
    );
  }
  const element = constantElement(dtype, what);
  const read = (allocate?: typeof scratchMemory): Uint8Array => shard.bytes(offset, offset + size, allocate);
  if (element === 'string') return decodeStrings(read(), shape, expected, what);
  const needed = byteLengthOf(element, sizeOf(shape));
  if (size !== needed) {
    throw new DecantError('malformed', `${what} has ${size} bytes, but ${element}[${shape.join(',')}] needs ${needed}`);
  }
  let isVerified = false;
  const verified = (allocate?: typeof scratchMemory): Tensor => {
    const bytes = read(allocate);
    if (!isVerified) verifyChecksum(maskedCrc32c(bytes), expected, what);
    isVerified = true;
    return tensorFromBytes(element, shape, bytes);
  };
  if (shard.inMemory || size < MAX_CACHED_BYTES) return verified();
  return deferred(element, shape, () => verified(scratchMemory).data);
}

function decodeSlices(
  files: BundleFiles,
  key: string,
  slices: readonly (readonly Extent[])[],
  dtype: DataType,
  shape: readonly number[],
  what: string,
): Tensor {
  const element = constantElement(dtype, what);
  if (element === 'string') {
    throw new DecantError('unsupported', `${what} is a partitioned string tensor, which is not supported`, {
      remedy: 'Save the variable without a partitioner, or select outputs that do not depend on it with --output.',
    });
  }
  const blocks = slices.map(extents => blockOf(extents, shape, what));
  checkSlices(blocks, shape, what);
  const held = files.shards.reduce((sum, shard) => sum + shard.byteLength, 0);
  if (byteLengthOf(element, sizeOf(shape)) > held) {
    throw new DecantError('malformed', `the shards are too small for ${what} of shape [${shape.join(',')}]`);
  }
  const data = allocate(element, sizeOf(shape));
  slices.forEach((extents, i) => {
    const { starts, lengths } = blocks[i]!;
    const slice = `slice ${starts.join(',')} of ${what}`;
    const bytes = files.entries.get(sliceKey(key, extents));
    if (bytes === undefined) throw new DecantError('malformed', `${slice} is missing`);
    putBlock(data, shape, decodeWhole(files, decodeBinary(bundleEntry, bytes), dtype, lengths, slice), starts);
  });
  return { type: element, shape, data };
}

const CHECKSUM_BYTES = 4;

/** Layout: the lengths of all strings as varints, their checksum, then the characters. */
function decodeStrings(bytes: Uint8Array, shape: readonly number[], expected: number, what: string): Tensor {
  const count = sizeOf(shape);
  if (!(count <= bytes.byteLength)) throw new DecantError('malformed', `${what} is too short for ${count} strings`);
  return readingBytes(what, () => {
    const reader = new WireReader(bytes);
    const lengths = Array.from({ length: count }, () => reader.uint64());
    const start = reader.pos;
    let end = start + CHECKSUM_BYTES;
    const strings = lengths.map(length => bytes.subarray(end, (end += length)));
    if (end !== bytes.byteLength)
      throw new DecantError('malformed', `the strings of ${what} do not match the size of its entry`);
    // The entry's checksum covers the lengths as u32, their own checksum, and the characters.
    const fixed = new Uint8Array(Uint32Array.from(lengths).buffer);
    verifyChecksum(maskedCrc32c(bytes.subarray(start), crc32c(fixed)), expected, what);
    return packStrings(shape, strings);
  });
}

function verifyChecksum(actual: number, expected: number, what: string): void {
  if (actual === expected) return;
  throw new DecantError('malformed', `${what} is corrupt: checksum mismatch`, { remedy: 'Download the model again.' });
}
