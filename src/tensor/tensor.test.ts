import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ELEMENT_TYPES, bitsOf } from './element-type.ts';
import {
  bytesOf,
  elementType,
  numbersOf,
  scalar,
  sizeOf,
  tensor,
  tensorFromBytes,
  tensorOf,
  vector,
} from './tensor.ts';

const of = (type: Parameters<typeof tensorOf>[0], ...numbers: readonly number[]) =>
  Array.from(tensorOf(type, [numbers.length], numbers).data as Iterable<number | bigint>);

describe('tensorOf', () => {
  it('truncates and wraps integers like C', () => {
    expect(of('i32', 1.9, -1.9, 2 ** 31, 2 ** 32 + 5, NaN)).toEqual([1, -1, -(2 ** 31), 5, 0]);
    expect(of('u8', 256, -1, 255.9)).toEqual([0, 255, 255]);
    expect(of('i8', 128, -129)).toEqual([-128, 127]);
    expect(of('u16', 65537)).toEqual([1]);
    expect(of('u32', -1)).toEqual([2 ** 32 - 1]);
  });

  it('saturates 64-bit integers', () => {
    expect(of('i64', 1e30, -1e30, Infinity, -Infinity, NaN, -2.7)).toEqual([
      2n ** 63n - 1n,
      -(2n ** 63n),
      2n ** 63n - 1n,
      -(2n ** 63n),
      0n,
      -2n,
    ]);
    expect(of('u64', 1e30, -1, 2 ** 53)).toEqual([2n ** 64n - 1n, 0n, 2n ** 53n]);
    expect(of('i64', Number(2n ** 63n - 1n))).toEqual([2n ** 63n - 1n]);
  });

  it('rounds floats', () => {
    expect(of('f32', 0.1)).toEqual([Math.fround(0.1)]);
    expect(of('f16', 1, 65520)).toEqual([0x3c00, 0x7c00]);
    expect(of('bf16', 1, -2)).toEqual([0x3f80, 0xc000]);
  });

  it('stores booleans as 0 or 1', () => {
    expect(of('boolean', 0, -0, 0.3, -5, NaN)).toEqual([0, 0, 1, 1, 1]);
  });
});

describe('numbersOf', () => {
  const types = ELEMENT_TYPES.filter(type => bitsOf(type) >= 8);

  it.each(types)('%s: round-trips small integers', type => {
    expect(Array.from(numbersOf(vector(type, [0, 1])))).toEqual([0, 1]);
  });

  it('is exact for i64 up to 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), value => {
        expect(numbersOf(scalar('i64', value))[0]).toBe(value);
      }),
    );
  });

  it.each(['u1', 'i4', 'u4', 'string'] as const)('rejects %s', type => {
    expect(() => numbersOf({ type, shape: [1], data: new Uint8Array(1) })).toThrow(/cannot be read as numbers/);
  });

  it('returns the data itself if possible', () => {
    const given = vector('f32', [1, 2]);
    expect(numbersOf(given)).toBe(given.data);
  });
});

describe('tensors', () => {
  it('must match their shape', () => {
    expect(() => tensor('f32', [2, 2], new Float32Array(3))).toThrow(/3 items do not match f32\[2,2\]/);
    expect(tensor('u4', [3], new Uint8Array(2)).shape).toEqual([3]);
    expect(scalar('f32', 1).shape).toEqual([]);
    expect(sizeOf([])).toBe(1);
    expect(sizeOf([3, 0])).toBe(0);
  });

  it('view bytes, and convert back to them', () => {
    const bytes = new Uint8Array([0, 0, 128, 63, 0, 0, 0, 64]);
    const view = tensorFromBytes('f32', [2], bytes);
    expect(Array.from(numbersOf(view))).toEqual([1, 2]);
    expect(bytesOf(view).buffer).toBe(bytes.buffer);
    const part = { ...view, data: view.data.subarray(1) };
    expect(Array.from(bytesOf(part))).toEqual([0, 0, 0, 64]);
  });

  it('have OpenVINO element types', () => {
    expect(elementType('bf16')).toBe('bf16');
    expect(() => elementType('complex64')).toThrow(expect.objectContaining({ code: 'malformed' }) as Error);
  });
});
