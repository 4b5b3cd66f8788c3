import { describe, expect, it } from 'vitest';
import {
  allocate,
  bitsOf,
  byteLengthOf,
  ELEMENT_TYPES,
  isElementType,
  isInteger,
  isReal,
  isSigned,
  storageLength,
  viewAs,
} from './element-type.ts';

const FIXED = ELEMENT_TYPES.filter(type => type !== 'string');
const WIDE = FIXED.filter(type => bitsOf(type) >= 8);

describe('element types', () => {
  it('are recognized by name', () => {
    expect(ELEMENT_TYPES.every(isElementType)).toBe(true);
    expect(['F32', 'float', '', 'toString', '__proto__'].filter(isElementType)).toEqual([]);
  });

  it('are real, integer, or neither', () => {
    expect(ELEMENT_TYPES.filter(isReal)).toEqual(['f64', 'f32', 'f16', 'bf16']);
    expect(ELEMENT_TYPES.filter(type => !isReal(type) && !isInteger(type))).toEqual(['boolean', 'string']);
    expect(ELEMENT_TYPES.filter(type => isInteger(type) && !isSigned(type))).toEqual([
      'u64',
      'u32',
      'u16',
      'u8',
      'u4',
      'u1',
    ]);
  });

  it.each([
    ['u1', 1, 1],
    ['u1', 8, 1],
    ['u1', 9, 2],
    ['u4', 3, 2],
    ['i4', 4, 2],
    ['boolean', 3, 3],
    ['bf16', 3, 6],
    ['i64', 3, 24],
    ['f32', 0, 0],
  ] as const)('%s: %i elements take %i bytes', (type, count, bytes) => {
    expect(byteLengthOf(type, count)).toBe(bytes);
  });

  it('have no fixed size for strings', () => {
    expect(() => byteLengthOf('string', 1)).toThrow(/string/);
  });

  it.each(FIXED)('%s: storage has the size of its elements', type => {
    const data = allocate(type, 5);
    expect(data.byteLength).toBe(byteLengthOf(type, 5));
    expect(data.length).toBe(storageLength(type, 5));
  });
});

describe('views of bytes', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);

  it.each(FIXED)('%s: aligned bytes are not copied', type => {
    const view = viewAs(type, bytes.subarray(16), 3);
    expect([view.buffer, view.byteOffset, view.length]).toEqual([bytes.buffer, 16, storageLength(type, 3)]);
  });

  it.each(WIDE.filter(type => bitsOf(type) > 8))('%s: unaligned bytes are copied', type => {
    const view = viewAs(type, bytes.subarray(1), 3);
    expect(view.buffer).not.toBe(bytes.buffer);
    const aligned = viewAs(type, Uint8Array.from(bytes.subarray(1)), 3);
    expect(Array.from(view as Iterable<unknown>)).toEqual(Array.from(aligned as Iterable<unknown>));
  });

  it('are little-endian', () => {
    expect(viewAs('u32', bytes.subarray(4), 1)[0]).toBe(0x07060504);
    expect(viewAs('i64', bytes.subarray(3), 1)[0]).toBe(0x0a09080706050403n);
    expect(viewAs('u32', Buffer.from(bytes).subarray(3), 1)[0]).toBe(0x06050403);
  });

  it('reject too few bytes', () => {
    const short = (): unknown => viewAs('f32', bytes.subarray(0, 11), 3);
    expect(short).toThrow(expect.objectContaining({ code: 'malformed' }) as Error);
    expect(short).toThrow('12 bytes, found 11');
  });

  it('of strings take all bytes', () => {
    expect(viewAs('string', bytes.subarray(5), 1).length).toBe(59);
  });
});
