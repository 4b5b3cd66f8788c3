const STRIDE = 16;

/** Checksum of bytes; `before` is that of the bytes in front of them. */
export type Checksum = (bytes: Uint8Array, before?: number) => number;

/** The CRC of zip and gzip. */
export const crc32: Checksum = checksum(0xedb88320);

/** The CRC of LevelDB and TensorFlow's checkpoints. */
export const crc32c: Checksum = checksum(0x82f63b78);

/** @param polynomial with its lowest power in the highest bit */
function checksum(polynomial: number): Checksum {
  let tables: Int32Array | undefined;
  return (bytes, before = 0) => {
    tables ??= makeTables(polynomial);
    const head = Math.min(-bytes.byteOffset & 3, bytes.byteLength);
    const count = ((bytes.byteLength - head) >> 4) << 2;
    const words = count === 0 ? new Int32Array(0) : new Int32Array(bytes.buffer, bytes.byteOffset + head, count);
    const tail = bytes.subarray(head + 4 * count);
    return ~byByte(tables, byWords(tables, byByte(tables, ~before, bytes.subarray(0, head)), words), tail) >>> 0;
  };
}

/**
 * Slicing-by-16: one table of 256 entries for each byte of an iteration, last byte first, with the contribution of the byte
 * to the checksum. The lookups of an iteration are independent of each other.
 */
function makeTables(polynomial: number): Int32Array {
  const tables = new Int32Array(256 * STRIDE);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) tables[i] = tables[tables[i - 256]! & 0xff]! ^ (tables[i - 256]! >>> 8);
  return tables;
}

function byByte(tables: Int32Array, before: number, bytes: Uint8Array): number {
  let crc = before;
  for (const byte of bytes) crc = tables[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return crc;
}

function byWords(t: Int32Array, before: number, words: Int32Array): number {
  let crc = before;
  for (let i = 0; i < words.length; i += 4) {
    const a = crc ^ words[i]!;
    const b = words[i + 1]!;
    const c = words[i + 2]!;
    const d = words[i + 3]!;
    crc =
      t[0xf00 | (a & 0xff)]! ^
      t[0xe00 | ((a >>> 8) & 0xff)]! ^
      t[0xd00 | ((a >>> 16) & 0xff)]! ^
      t[0xc00 | (a >>> 24)]! ^
      t[0xb00 | (b & 0xff)]! ^
      t[0xa00 | ((b >>> 8) & 0xff)]! ^
      t[0x900 | ((b >>> 16) & 0xff)]! ^
      t[0x800 | (b >>> 24)]! ^
      t[0x700 | (c & 0xff)]! ^
      t[0x600 | ((c >>> 8) & 0xff)]! ^
      t[0x500 | ((c >>> 16) & 0xff)]! ^
      t[0x400 | (c >>> 24)]! ^
      t[0x300 | (d & 0xff)]! ^
      t[0x200 | ((d >>> 8) & 0xff)]! ^
      t[0x100 | ((d >>> 16) & 0xff)]! ^
      t[d >>> 24]!;
  }
  return crc;
}

/** The masked CRC of LevelDB: the CRC of data that contains CRCs would be weak. */
export function maskedCrc32c(bytes: Uint8Array, before = 0): number {
  const crc = crc32c(bytes, before);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
