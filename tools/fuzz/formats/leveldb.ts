import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { maskedCrc32c } from '../../../src/wire/crc32.ts';
import { readTable } from '../../../src/wire/leveldb-table.ts';
import { list, numeric, text, type Tree } from '../tree.ts';
import { printProto } from './protobuf.ts';

const MAGIC = 0xdb4775248b80fb57n;
const ROWS_PER_BLOCK = 8;
const SNAPPY = 1;
const SNAPPY_LITERAL = 60;

/**
 * Parses a table into blocks of rows. Besides keys and values, blocks and rows hold numbers that are added to what the file
 * says about them: they are 0 until mutated. Printing computes the checksums.
 */
export function parseLevelDb(table: Uint8Array, parseValue: (key: string, value: Uint8Array) => Tree): Tree {
  const rows = Array.from(readTable(table), ([key, value]) => {
    const name = Buffer.from(key).toString('latin1');
    return list('row', 'row', [
      text('key', 'key', name),
      parseValue(name, value),
      numeric('shared', 'number', 0),
      numeric('rest', 'number', 0),
      numeric('size', 'number', 0),
    ]);
  });
  const count = Math.ceil(rows.length / ROWS_PER_BLOCK);
  const blocks = Array.from({ length: count }, (_, i) =>
    list('block', 'block', [
      ...rows.slice(i * ROWS_PER_BLOCK, (i + 1) * ROWS_PER_BLOCK),
      numeric('compression', 'number', i % 2),
      numeric('restarts', 'number', 0),
      numeric('offset', 'number', 0),
      numeric('length', 'number', 0),
    ]),
  );
  return list('table', 'table', blocks);
}

export function printLevelDb(tree: Tree): Uint8Array {
  if (tree.kind !== 'list') return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  const index: Uint8Array[] = [];
  let offset = 0;
  for (const part of tree.items) {
    const data = printBlock(part);
    const handle = varints(offset + numberIn(part, 'offset'), data.byteLength - 5 + numberIn(part, 'length'));
    index.push(printRow(Buffer.from(`\u00ff${index.length}`), handle));
    parts.push(data);
    offset += data.byteLength;
  }
  const meta = sealed([], 0, 1);
  const last = sealed(index, 0, 1);
  const footer = new Uint8Array(48);
  footer.set(
    Buffer.concat([varints(offset, meta.byteLength - 5), varints(offset + meta.byteLength, last.byteLength - 5)]),
  );
  new DataView(footer.buffer).setBigUint64(40, MAGIC, true);
  return Buffer.concat([...parts, meta, last, footer]);
}

const itemsOf = (part: Tree): readonly Tree[] => (part.kind === 'list' ? part.items : [part]);

function numberIn(part: Tree, label: string): number {
  const found = itemsOf(part).find(item => item.label === label);
  return found?.kind === 'number' ? Number(found.value) : 0;
}

function printBlock(block: Tree): Uint8Array {
  const rows = itemsOf(block).filter(item => item.kind !== 'number');
  const printed = rows.map(row => {
    const key = itemsOf(row).find(item => item.label === 'key');
    const value = itemsOf(row).find(item => item.label !== 'key' && item.kind !== 'number');
    return printRow(
      Buffer.from(key?.kind === 'text' ? key.value : '', 'latin1'),
      value?.kind === 'bytes' ? value.value : printProto(value ?? list('', '', [])),
      (label: string) => numberIn(row, label),
    );
  });
  return sealed(printed, numberIn(block, 'compression'), 1 + numberIn(block, 'restarts'));
}

/** A row that shares no bytes with the key before it. `extra` is added to its numbers. */
function printRow(key: Uint8Array, value: Uint8Array, extra: (label: string) => number = () => 0): Uint8Array {
  const sizes = varints(extra('shared'), key.byteLength + extra('rest'), value.byteLength + extra('size'));
  return Buffer.concat([sizes, key, value]);
}

/** Adds restart points, compression and checksum. */
function sealed(rows: readonly Uint8Array[], compression: number, restarts: number): Uint8Array {
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(restarts >>> 0, 4);
  const whole = Buffer.concat([...rows, tail]);
  const content = Buffer.concat([compression === SNAPPY ? snappy(whole) : whole, Uint8Array.of(compression)]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(maskedCrc32c(content));
  return Buffer.concat([content, checksum]);
}

/** Encodes bytes as literals only. */
function snappy(content: Uint8Array): Uint8Array {
  const parts = [varints(content.byteLength)];
  for (let at = 0; at < content.byteLength; at += SNAPPY_LITERAL) {
    const literal = content.subarray(at, at + SNAPPY_LITERAL);
    parts.push(Uint8Array.of((literal.byteLength - 1) << 2), literal);
  }
  return Buffer.concat(parts);
}

function varints(...values: readonly number[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const value of values) writer.uint64(BigInt.asUintN(64, BigInt(Number.isFinite(value) ? Math.trunc(value) : 0)));
  return writer.finish();
}
