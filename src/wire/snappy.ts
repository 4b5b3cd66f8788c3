import { DecantError } from '../errors.ts';
import { readingBytes } from './binary.ts';
import { WireReader } from './wire-reader.ts';

export const MAX_UNCOMPRESSED_BYTES = 2 ** 24;

export const uncompressSnappy = (bytes: Uint8Array): Uint8Array =>
  readingBytes('Snappy block', () => uncompress(bytes));

function uncompress(bytes: Uint8Array): Uint8Array {
  const reader = new WireReader(bytes);
  const length = reader.uint32();
  if (length > MAX_UNCOMPRESSED_BYTES) {
    throw new DecantError('limit', `Snappy block of ${length} bytes exceeds ${MAX_UNCOMPRESSED_BYTES} bytes`);
  }
  const output = new Uint8Array(length);
  let from = reader.pos;
  let to = 0;
  const next = (width: number): number => {
    if (from + width > bytes.length) throw new DecantError('malformed', 'Snappy block is truncated');
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
        throw new DecantError('malformed', 'Snappy literal runs past the end of its block');
      output.set(bytes.subarray(from, from + size), to);
      from += size;
      to += size;
    } else {
      const size = kind === 1 ? 4 + (high & 7) : 1 + high;
      const distance = kind === 1 ? ((high >> 3) << 8) + next(1) : next(kind === 2 ? 2 : 4);
      if (distance === 0 || distance > to || to + size > length)
        throw new DecantError('malformed', 'Snappy copy is out of bounds');
      // Byte by byte: overlapping copies repeat their source.
      for (const end = to + size; to < end; to++) output[to] = output[to - distance]!;
    }
  }
  if (to !== length) throw new DecantError('malformed', `Snappy block has ${to} bytes, expected ${length}`);
  return output;
}
