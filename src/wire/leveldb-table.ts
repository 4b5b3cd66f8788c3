import { DecantError } from '../errors.ts';
import { readingBytes } from './binary.ts';
import { maskedCrc32c } from './crc32.ts';
import { uncompressSnappy } from './snappy.ts';
import { WireReader } from './wire-reader.ts';

const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
const TRAILER_BYTES = 5;
/** Keys are prefix-compressed, so a small file could expand to huge ones. */
export const MAX_KEYS_BYTES = 2 ** 26;

export type TableEntry = readonly [key: Uint8Array, value: Uint8Array];

interface Handle {
  readonly offset: number;
  readonly size: number;
}

export const isTable = (bytes: Uint8Array): boolean =>
  bytes.byteLength >= FOOTER_BYTES && viewOf(bytes).getBigUint64(bytes.byteLength - 8, true) === MAGIC;

/** Entries are in key order; values are views of `bytes`, except for compressed blocks. */
export function* readTable(bytes: Uint8Array): Generator<TableEntry> {
  if (!isTable(bytes)) throw new DecantError('malformed', 'the file is not a LevelDB table: it has no valid footer');
  const index = readingBytes('table footer', () => {
    const reader = new WireReader(bytes.subarray(bytes.byteLength - FOOTER_BYTES));
    readHandle(reader); // of the metaindex block
    return readHandle(reader);
  });
  let end = 0;
  let keyBytes = 0;
  for (const [, value] of readBlock(bytes, index)) {
    const handle = readingBytes('table index', () => readHandle(new WireReader(value)));
    if (handle.offset < end) throw new DecantError('malformed', 'table blocks overlap');
    end = handle.offset + handle.size;
    for (const entry of readBlock(bytes, handle)) {
      keyBytes += entry[0].byteLength;
      if (keyBytes > MAX_KEYS_BYTES) throw new DecantError('limit', `the table keys exceed ${MAX_KEYS_BYTES} bytes`);
      yield entry;
    }
  }
}

const readHandle = (reader: WireReader): Handle => ({
  offset: reader.uint64(),
  size: reader.uint64(),
});

function* readBlock(table: Uint8Array, handle: Handle): Generator<TableEntry> {
  const block = blockBytes(table, handle);
  const restarts = block.byteLength < 4 ? Infinity : viewOf(block).getUint32(block.byteLength - 4, true);
  const end = block.byteLength - 4 * (restarts + 1);
  if (end < 0) throw new DecantError('malformed', 'table block is too short');
  const entries = block.subarray(0, end);
  const reader = new WireReader(entries);
  let entry: TableEntry = [new Uint8Array(0), entries];
  while (reader.pos < end) {
    entry = readingBytes('table entry', () => readEntry(entries, reader, entry[0]));
    yield entry;
  }
}

function blockBytes(table: Uint8Array, { offset, size }: Handle): Uint8Array {
  if (offset + size + TRAILER_BYTES > table.byteLength - FOOTER_BYTES) {
    throw new DecantError('malformed', 'table block is out of bounds');
  }
  const checked = table.subarray(offset, offset + size + 1);
  if (viewOf(table).getUint32(offset + size + 1, true) !== maskedCrc32c(checked)) {
    throw new DecantError('malformed', 'table block is corrupt: checksum mismatch');
  }
  const compression = checked[size];
  if (compression === 0) return checked.subarray(0, size);
  if (compression === 1) return uncompressSnappy(checked.subarray(0, size));
  throw new DecantError('unsupported', `table block compression ${compression ?? '?'} is not supported`, {
    remedy: 'Save the checkpoint again with TensorFlow, which writes plain or Snappy blocks.',
  });
}

/** Layout: length of the prefix shared with the previous key, length of the rest, length of the value, rest, value. */
function readEntry(entries: Uint8Array, reader: WireReader, before: Uint8Array): TableEntry {
  const shared = reader.uint32();
  const rest = reader.uint32();
  const size = reader.uint32();
  const start = reader.pos;
  reader.pos += rest + size;
  if (shared > before.byteLength || reader.pos > entries.byteLength) {
    throw new DecantError('malformed', 'table entry runs past the end of its block');
  }
  const key = new Uint8Array(shared + rest);
  key.set(before.subarray(0, shared));
  key.set(entries.subarray(start, start + rest), shared);
  return [key, entries.subarray(start + rest, reader.pos)];
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
