import { BinaryReader } from '@bufbuild/protobuf/wire';
import { DecantError } from '../errors.ts';
import { readingBytes } from './binary.ts';

/** Blocks of tables hold some kilobytes; a larger announcement is a mistake or an attack. */
export const MAX_UNCOMPRESSED_BYTES = 2 ** 24;

/** Undoes Snappy's raw format. @throws DecantError `malformed`, `limit` */
export const uncompressSnappy = (bytes: Uint8Array): Uint8Array =>
  readingBytes('block compressed with Snappy', () => uncompress(bytes));

function uncompress(bytes: Uint8Array): Uint8Array {
  const reader = new BinaryReader(bytes);
  const length = reader.uint32();
  if (length > MAX_UNCOMPRESSED_BYTES) {
    throw new DecantError('limit', `a block would take ${length} bytes, more than ${MAX_UNCOMPRESSED_BYTES}`);
  }
  const output = new Uint8Array(length);
  let from = reader.pos;
  let to = 0;
  /** The number in the next `width` bytes, little-endian. */
  const next = (width: number): number => {
    if (from + width > bytes.length) throw new DecantError('malformed', 'a block ends early');
    let value = 0;
    for (let i = 0; i < width; i++) value += bytes[from++]! * 2 ** (8 * i);
    return value;
  };
  while (from < bytes.length) {
    const tag = next(1);
    const kind = tag & 3;
    const high = tag >> 2;
    if (kind === 0) {
      const size = 1 + (high < 60 ? high : next(high - 59));
      if (from + size > bytes.length || to + size > length)
        throw new DecantError('malformed', 'a literal runs past its end');
      output.set(bytes.subarray(from, from + size), to);
      from += size;
      to += size;
    } else {
      const size = kind === 1 ? 4 + (high & 7) : 1 + high;
      const distance = kind === 1 ? ((high >> 3) << 8) + next(1) : next(kind === 2 ? 2 : 4);
      if (distance === 0 || distance > to || to + size > length)
        throw new DecantError('malformed', 'a copy lies outside of its block');
      // Byte by byte: what is copied may overlap what it is copied to, which repeats it.
      for (const end = to + size; to < end; to++) output[to] = output[to - distance]!;
    }
  }
  if (to !== length) throw new DecantError('malformed', `a block has ${to} bytes, not ${length}`);
  return output;
}
