import { BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecantError } from '../errors.ts';
import { crc32c, maskedCrc32c } from './crc32.ts';
import { isTable, MAX_KEYS_BYTES, readTable } from './leveldb-table.ts';
import { MAX_UNCOMPRESSED_BYTES, uncompressSnappy } from './snappy.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (part: Uint8Array): string => new TextDecoder().decode(part);
const u32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
const join = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap(part => [...part]));
const varints = (...values: readonly number[]): Uint8Array => {
  const writer = new BinaryWriter();
  for (const value of values) writer.uint64(value);
  return writer.finish();
};

type Row = readonly [shared: number, rest: string, value: Uint8Array];

const block = (rows: readonly Row[], compress?: (raw: Uint8Array) => Uint8Array): Uint8Array => {
  const raw = join(
    ...rows.map(([shared, rest, value]) => join(varints(shared, bytes(rest).length, value.length), bytes(rest), value)),
    u32(0),
    u32(1),
  );
  const stored = join(compress?.(raw) ?? raw, [compress === undefined ? 0 : 1]);
  return join(stored, u32(maskedCrc32c(stored)));
};

const table = (...blocks: readonly Uint8Array[]): Uint8Array => {
  let offset = 0;
  const rows = blocks.map((data): Row => {
    const handle = varints(offset, data.length - 5);
    offset += data.length;
    return [0, `k${offset}`, handle];
  });
  const meta = block([]);
  const index = block(rows);
  const handles = varints(offset, meta.length - 5, offset + meta.length, index.length - 5);
  const magic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
  return join(...blocks, meta, index, handles, new Uint8Array(40 - handles.length), magic);
};

const DATA = block([
  [0, '', bytes('head')],
  [0, 'model/a', bytes('1')],
  [6, 'b', bytes('2')],
]);
const TABLE = table(DATA, block([[0, 'z', new Uint8Array(0)]]));

const rows = (from: Uint8Array): readonly (readonly [string, string])[] =>
  [...readTable(from)].map(([key, value]) => [text(key), text(value)]);

describe('crc32c', () => {
  it('matches the published check value, also in parts', () => {
    expect(crc32c(bytes('123456789'))).toBe(0xe3069283);
    expect(crc32c(bytes('6789'), crc32c(bytes('12345')))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });
});

describe('readTable', () => {
  it('reads all entries in order, with full keys', () => {
    expect(isTable(TABLE)).toBe(true);
    expect(rows(TABLE)).toEqual([
      ['', 'head'],
      ['model/a', '1'],
      ['model/b', '2'],
      ['z', ''],
    ]);
    expect(rows(table())).toEqual([]);
  });

  it('reads values as views', () => {
    for (const [, value] of readTable(TABLE)) expect(value.buffer).toBe(TABLE.buffer);
  });

  it('reads blocks compressed with Snappy', () => {
    const literal = (raw: Uint8Array): Uint8Array => join(varints(raw.length), [60 << 2, raw.length - 1], raw);
    expect(rows(table(block([[0, 'k', bytes('v')]], literal)))).toEqual([['k', 'v']]);
  });

  it('rejects corrupt tables', () => {
    const malformed = expect.objectContaining({ code: 'malformed' }) as unknown;
    expect(() => rows(TABLE.with(3, 1))).toThrow(malformed);
    expect(() => rows(TABLE.with(3, 1))).toThrow('checksum');
    expect(() => rows(TABLE.subarray(1))).toThrow(malformed);
    expect(() => rows(TABLE.subarray(0, TABLE.length - 1))).toThrow('is not a LevelDB table');
    expect(() => rows(table(block([[5, 'k', bytes('')]])))).toThrow('runs past the end of its block');
  });

  it('limits the size of keys', () => {
    const wide: Row = [0, 'k'.repeat(2 ** 16), bytes('')];
    const many = Array.from({ length: 2 ** 11 }, (): Row => [2 ** 16, '', bytes('')]);
    expect(() => rows(table(block([wide, ...many])))).toThrow(`the table keys exceed ${MAX_KEYS_BYTES} bytes`);
  });

  it('reads corrupt bytes or throws a DecantError', () => {
    const settle = (broken: Uint8Array): void => {
      try {
        rows(broken);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(DecantError);
      }
    };
    for (let length = 0; length < TABLE.length; length++) settle(TABLE.subarray(0, length));
    fc.assert(
      fc.property(fc.nat(TABLE.length - 1), fc.nat(255), (at, byte) => settle(TABLE.with(at, byte))),
      { numRuns: 1000 },
    );
  });
});

describe('uncompressSnappy', () => {
  it('resolves literals and copies of every form', () => {
    const literal = [3 << 2, ...bytes('abcd')];
    expect(text(uncompressSnappy(join([4], literal)))).toBe('abcd');
    expect(text(uncompressSnappy(join([8], literal, [1, 4])))).toBe('abcdabcd');
    expect(text(uncompressSnappy(join([7], literal, [2 | (2 << 2), 2, 0])))).toBe('abcdcdc');
    expect(text(uncompressSnappy(join([6], literal, [3 | (1 << 2), 4, 0, 0, 0])))).toBe('abcdab');
    expect(text(uncompressSnappy(join([4], [60 << 2, 3], bytes('abcd'))))).toBe('abcd');
    expect(text(uncompressSnappy(join([4], [61 << 2, 3, 0], bytes('abcd'))))).toBe('abcd');
  });

  it('rejects literals and copies out of bounds', () => {
    const literal = [3 << 2, ...bytes('abcd')];
    for (const [length, ...rest] of [
      [3, ...literal],
      [5, ...literal],
      [8, ...literal, 1, 5],
      [8, ...literal, 1, 0],
      [5, ...literal, 1, 4],
      [4, 12, 65],
    ] as const) {
      expect(() => uncompressSnappy(Uint8Array.of(length, ...rest))).toThrow(DecantError);
    }
    expect(() => uncompressSnappy(varints(MAX_UNCOMPRESSED_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'limit' }) as unknown,
    );
  });

  it('reads arbitrary bytes or throws a DecantError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), anything => {
        try {
          uncompressSnappy(Uint8Array.of(50, ...anything));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(DecantError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
