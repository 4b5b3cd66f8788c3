import { describe, expect, it } from 'vitest';
import {
  bytes,
  child,
  children,
  decodeFlatbuffer,
  flag,
  numbers,
  scalar,
  table,
  type TableType,
  text,
} from './flatbuffer.ts';

const inner = table('Inner', { size: scalar(0, 'int32', 7), on: flag(1) });
const outer = table('Outer', {
  name: text(0),
  ratio: scalar(1, 'float'),
  inner: child(2, inner),
  list: children(3, inner),
  data: bytes(4),
  sizes: numbers(5, 'int64'),
});

/** Little-endian 32-bit words; a number between 0 and 1 is a float. */
function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    if (Number.isInteger(value)) view.setInt32(4 * i, value, true);
    else view.setFloat32(4 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}

const pair = (low: number, high: number): number => low | (high << 16);

describe('flatbuffers', () => {
  it('are decoded by the ids of fields, absent ones to their defaults', () => {
    const empty = decodeFlatbuffer(outer, words(8, 4, 4));
    expect(empty).toEqual({ name: '', ratio: 0, inner: undefined, list: [], data: undefined, sizes: undefined });
    expect(decodeFlatbuffer(inner, words(8, 4, 4))).toEqual({ size: 7, on: false });
  });

  it('refer to tables and vectors by offsets', () => {
    const nested = table('Nested', { inner: child(0, inner), name: text(1) });
    // Fields of the root, the root, fields of the inner table, the inner table, the text.
    const file = words(
      ...[12, pair(8, 12), pair(4, 8)],
      ...[8, 16, 20],
      ...[pair(6, 8), pair(4, 0)],
      ...[8, 42],
      ...[3, 0x00636261],
    );
    expect(decodeFlatbuffer(nested, file)).toEqual({ inner: { size: 42, on: false }, name: 'abc' });
  });

  it.each([
    ['cut off', words(12, pair(6, 8)).subarray(0, 7), 'malformed'],
    ['with a root outside', words(1000), 'malformed'],
    ['with a table of fields before the file', words(4, 100), 'malformed'],
  ])('are refused %s', (_, file, code) => {
    expect(() => decodeFlatbuffer(outer, file)).toThrow(expect.objectContaining({ code }));
  });

  it('may not read the same items again and again', () => {
    const levels = [1, 2, 3].reduce<TableType<object>>(level => table('Level', { next: children(0, level) }), inner);
    // All items of a list are the same table, which has such a list.
    const count = 2000;
    const level = [8, 4, count, ...Array.from({ length: count }, (_, i) => 4 * (count - i))];
    const file = words(12, pair(6, 8), pair(4, 0), ...level, ...level.with(0, 20 + 4 * count), 32 + 8 * count, 4, 0);
    expect(() => decodeFlatbuffer(levels, file)).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});
