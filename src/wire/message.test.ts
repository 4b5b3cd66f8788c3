import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proto } from '../../test/support/proto-bytes.ts';
import { DecantError } from '../errors.ts';
import { decodeBinary } from './binary.ts';
import { decodeJson } from './json.ts';
import { lazy, map, message, type MessageType, one, optional, repeated } from './message.ts';
import { parsePbtxt } from './pbtxt.ts';
import { decodeText } from './decode-text.ts';

const part = message('Part', { id: one(1, 'int32') });

interface Tree {
  readonly children: readonly Tree[];
}
const tree: MessageType<Tree> = message('Tree', { children: repeated(1, () => tree) });

const sample = message('Sample', {
  text: one(1, 'string'),
  raw: one(2, 'bytes'),
  flag: one(3, 'bool'),
  small: one(4, 'int32'),
  large: one(5, 'int64'),
  exact: one(6, 'bigint'),
  real: one(7, 'float'),
  double: one(8, 'double'),
  kind: one(9, 'enum'),
  maybe: optional(10, 'int32'),
  onePart: optional(11, part),
  numbers: repeated(12, 'int64'),
  reals: repeated(13, 'float'),
  manyParts: repeated(14, part),
  byName: map(15, part),
  laterParts: lazy(16, part),
  texts: repeated(17, 'string'),
});

const failure = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof DecantError && thrown.code === 'malformed') return thrown.message;
    throw thrown;
  }
  throw new Error('nothing was thrown');
};

const EXPECTED = {
  text: 'é',
  raw: Uint8Array.of(0, 255),
  flag: true,
  small: -3,
  large: 2 ** 63,
  exact: -1n,
  real: Math.fround(0.1),
  kind: 1,
  maybe: 0,
  onePart: { id: 7 },
  numbers: [1, -1],
  reals: [1.5, Infinity],
  manyParts: [{ id: 1 }, { id: 0 }],
  byName: new Map([['a', { id: 2 }]]),
  texts: ['x', ''],
};

const BINARY = proto(
  [1, 'é'],
  [2, Uint8Array.of(0, 255)],
  [3, true],
  [4, -3],
  [5, 2n ** 63n - 1n],
  [6, -1],
  [7, { float: 0.1 }],
  [9, 1],
  [10, 0],
  [11, proto([1, 7])],
  [12, 1],
  [12, -1],
  [13, new Uint8Array(Float32Array.of(1.5, Infinity).buffer)],
  [14, proto([1, 1])],
  [14, proto()],
  [15, proto([1, 'a'], [2, proto([1, 2])])],
  [16, proto([1, 9])],
  [17, 'x'],
  [17, ''],
  [99, 'a field that nobody asked for'],
);

describe('a message type decodes', () => {
  it('binary', () => {
    const record = decodeBinary(sample, BINARY);
    expect(record).toMatchObject(EXPECTED);
    expect(record.laterParts()).toEqual([{ id: 9 }]);
    expect(record.raw.buffer, 'bytes are views').toBe(BINARY.buffer);
  });

  it('JSON', () => {
    const json = {
      text: 'é',
      raw: 'AP8=',
      flag: true,
      small: -3,
      large: '9223372036854775807',
      exact: '-1',
      real: 0.1,
      kind: 1,
      maybe: 0,
      one_part: { id: '7' },
      numbers: ['1', -1],
      reals: [1.5, 'Infinity'],
      manyParts: [{ id: 1 }, {}],
      byName: { a: { id: 2 } },
      laterParts: [{ id: 9 }],
      texts: ['x', ''],
      double: null,
      unknown: 1,
    };
    const record = decodeJson(sample, JSON.parse(JSON.stringify(json)), 'json');
    expect(record).toMatchObject(EXPECTED);
    expect(record.laterParts()).toEqual([{ id: 9 }]);
  });

  it('text', () => {
    const text = String.raw`
      text: "\303\251" raw: "\000\377" flag: true small: -3 large: 0x7fffffffffffffff exact: -1 real: 0.1 kind: 1 maybe: 0
      one_part { id: 7 } numbers: [1, -1] reals: 1.5f reals: inf many_parts { id: 1 } many_parts {}
      by_name { key: "a" value { id: 2 } } later_parts { id: 9 } texts: ["x", ''] unknown { a: 1 }`;
    const record = decodeText(sample, parsePbtxt(text));
    expect(record).toMatchObject(EXPECTED);
    expect(record.laterParts()).toEqual([{ id: 9 }]);
  });

  it('missing fields as defaults', () => {
    const empty = decodeBinary(sample, new Uint8Array(0));
    expect(decodeJson(sample, {}, 'json')).toEqual(empty);
    expect(decodeText(sample, parsePbtxt(''))).toEqual(empty);
    expect(empty).toMatchObject({ text: '', exact: 0n, kind: 0, maybe: undefined, numbers: [], byName: new Map() });
  });
});

describe('invalid input', () => {
  it('is reported in binary format', () => {
    expect(failure(() => decodeBinary(sample, Uint8Array.of(0x0a, 5, 65)))).toContain('corrupt Sample message');
    expect(failure(() => decodeBinary(sample, Uint8Array.of(0x0a, 1, 0xff)))).toContain('corrupt Sample message');
    expect(failure(() => decodeBinary(sample, Uint8Array.of(0x08, 1)))).toContain(
      'field text has wire type 0, expected 2',
    );
    expect(failure(() => decodeBinary(sample, Uint8Array.of(0x5a, 2, 0x08)))).toContain('expected 2 bytes, found 1');
    expect(failure(() => decodeBinary(sample, Uint8Array.of(0x5a, 1, 0x08, 7)))).toContain('runs past its end');
    expect(failure(() => decodeBinary(sample, Uint8Array.of(0x62, 1, 0x80, 1)))).toContain('numbers runs past its end');
  });

  it('allocates no memory for a declared length', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (const tag of [0x0a, 0x12, 0x5a, 0x62, 0x6a, 0x72, 0x7a]) {
      expect(failure(() => decodeBinary(sample, Uint8Array.of(tag, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2)))).toMatch(
        /expected \d+ bytes|premature|corrupt/,
      );
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it('is rejected if nested too deep', () => {
    let bytes = proto();
    for (let i = 0; i < 200; i++) bytes = proto([1, bytes]);
    expect(failure(() => decodeBinary(tree, bytes))).toContain('nest deeper');
    const json = '{"children":['.repeat(200) + ']}'.repeat(200);
    expect(failure(() => decodeJson(tree, JSON.parse(json), 'json'))).toContain('nest deeper');
  });

  it('is reported with its path in JSON', () => {
    const at = (json: unknown): string => failure(() => decodeJson(sample, json, 'json'));
    expect(at([])).toBe('json: expected an object');
    expect(at({ manyParts: [{}, { id: 'x' }] })).toBe('json.manyParts[1].id: expected an integer');
    expect(at({ byName: { a: 1 } })).toBe('json.byName.a: expected an object');
    expect(at({ numbers: 1 })).toBe('json.numbers: expected a list');
    expect(at({ small: 1.5 })).toContain('expected an integer');
    expect(at({ large: '1'.repeat(1000) })).toContain('expected an integer');
    expect(at({ real: 'much' })).toContain('expected a number');
    expect(at({ raw: '!' })).toContain('base64');
    expect(at({ raw: 5 })).toContain('base64');
    expect(at({ flag: 1 })).toContain('true or false');
    expect(at({ text: 1 })).toContain('expected a string');
    expect(at({ kind: {} })).toContain('enum');
  });

  it('is reported with its line in text format', () => {
    const at = (text: string): string => failure(() => decodeText(sample, parsePbtxt(text)));
    expect(at('\nsmall: x')).toBe(`line 2: 'x' is not an integer`);
    expect(at('small: 089')).toContain('not an integer');
    expect(at('real: 1.2.3')).toContain('not a number');
    expect(at('flag: yes')).toContain('neither true nor false');
    expect(at('text: 1')).toContain('expected a string');
    expect(at(String.raw`text: "\377"`)).toContain('not UTF-8');
    expect(at('one_part: 1')).toContain('expected a message');
    expect(at('small: 1\nsmall: 2')).toBe('line 2: small appears 2 times, expected once');
    expect(at('by_name { key: "a" }')).toContain('needs a key and a value');
    expect(at('kind: 0x')).toContain('not an integer');
  });

  it('decodes or throws a DecantError', () => {
    const decode = (bytes: Uint8Array): void => {
      try {
        decodeBinary(sample, bytes).laterParts();
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(DecantError);
      }
    };
    for (let length = 0; length < BINARY.length; length++) decode(BINARY.subarray(0, length));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), decode), { numRuns: 2000 });
    fc.assert(
      fc.property(fc.nat(BINARY.length - 1), fc.nat(255), (at, byte) => decode(BINARY.with(at, byte))),
      { numRuns: 2000 },
    );
  });
});
