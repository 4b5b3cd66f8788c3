import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packStrings, unpackStrings } from './strings.ts';

it('packs strings in the layout of OpenVINO', () => {
  const { type, shape, data } = packStrings([3], ['hello', 'wörld,x', '']);
  expect([type, shape]).toEqual(['string', [3]]);
  const words = [3, 0, 5, 13, 13].flatMap(word => [word, 0, 0, 0]);
  expect(Array.from(data as Uint8Array)).toEqual([...words, ...new TextEncoder().encode('hellowörld,x')]);
});

it('round-trips any strings', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), strings => {
      expect(unpackStrings(packStrings([strings.length], strings))).toEqual(strings);
    }),
  );
});

it('packs bytes, and unpacks at any alignment', () => {
  const { data } = packStrings([2], [new Uint8Array([104, 105]), 'there']);
  const moved = new Uint8Array(data.byteLength + 3);
  moved.set(data as Uint8Array, 3);
  expect(unpackStrings({ type: 'string', shape: [2], data: moved.subarray(3) })).toEqual(['hi', 'there']);
});

const packed = (...words: readonly number[]) => ({
  type: 'string' as const,
  shape: [1],
  data: new Uint8Array(Int32Array.from(words).buffer),
});

it.each([
  ['nothing at all', { type: 'string' as const, shape: [1], data: new Uint8Array(0) }],
  ['a count that differs from the shape', packed(2, 0, 0, 0)],
  ['more strings than bytes', { ...packed(1, 0), shape: [1] }],
  ['an end out of bounds', packed(1, 0, 1)],
  ['an end before the start', packed(1, 4, 0, 0)],
  ['a negative start', packed(1, -4, 0)],
])('rejects %s', (_name, broken) => {
  expect(() => unpackStrings(broken)).toThrow(expect.objectContaining({ code: 'malformed' }) as Error);
});
