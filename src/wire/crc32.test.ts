import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, crc32c, maskedCrc32c } from './crc32.ts';

function slowly(bytes: Uint8Array, polynomial = 0x82f63b78): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (polynomial & -(crc & 1));
  }
  return ~crc >>> 0;
}

describe('crc32c', () => {
  it('agrees with published values', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  it('has the polynomial of zip, too', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i * i);
    expect(crc32(bytes)).toBe(slowly(bytes, 0xedb88320));
  });

  it('matches the definition for any length, alignment and split', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(9), fc.nat(200), (content, start, cut) => {
        const bytes = new Uint8Array(start + content.length).subarray(start);
        bytes.set(content);
        expect(crc32c(bytes)).toBe(slowly(content));
        expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(slowly(content));
      }),
      { numRuns: 500 },
    );
  });

  it('is masked by rotation and an offset', () => {
    expect(maskedCrc32c(new Uint8Array(0))).toBe(0xa282ead8);
    const crc = slowly(Uint8Array.of(1, 2, 3));
    const rotated = BigInt((crc >>> 15) | (crc << 17)) & 0xffffffffn;
    expect(maskedCrc32c(Uint8Array.of(1, 2, 3))).toBe(Number((rotated + 0xa282ead8n) & 0xffffffffn));
    expect(maskedCrc32c(Uint8Array.of(3), crc32c(Uint8Array.of(1, 2)))).toBe(maskedCrc32c(Uint8Array.of(1, 2, 3)));
  });
});
