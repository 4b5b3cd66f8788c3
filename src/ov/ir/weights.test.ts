import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deferred, type Tensor } from '../../tensor/tensor.ts';
import { joinBin } from './ir.ts';
import { Weights } from './weights.ts';

const u8 = (data: Uint8Array): Tensor => ({ type: 'u8', shape: [data.length], data });
const filled = (length: number, fill = 1): Tensor => u8(new Uint8Array(length).fill(fill));
const many = Uint8Array.from({ length: 1000 }, (_, i) => i);

describe('Weights', () => {
  it('aligns constants of at least 64 bytes to 64 bytes, smaller ones to 8', () => {
    const weights = new Weights();
    expect(weights.place(filled(3))).toEqual({ offset: 0, size: 3 });
    expect(weights.place(filled(9))).toEqual({ offset: 8, size: 9 });
    expect(weights.place(filled(64))).toEqual({ offset: 64, size: 64 });
    expect(weights.place(filled(100, 2))).toEqual({ offset: 128, size: 100 });
    expect(weights.place(filled(8, 2))).toEqual({ offset: 232, size: 8 });
    expect(joinBin(weights.parts).byteLength).toBe(240);
  });

  it('stores equal bytes once, wherever they are in memory', () => {
    const weights = new Weights();
    weights.place(u8(many));
    weights.place(u8(many));
    weights.place(u8(many.slice()));
    weights.place(u8(new Uint8Array([...many, ...many]).subarray(1000)));
    weights.place({ type: 'i32', shape: [250], data: new Int32Array(many.slice().buffer) });
    expect(joinBin(weights.parts)).toEqual(many);
  });

  it('stores both of two constants that differ in any one byte', () => {
    fc.assert(
      fc.property(fc.nat(999), at => {
        const weights = new Weights();
        weights.place(u8(many));
        const changed = many.map((byte, i) => (i === at ? byte + 1 : byte));
        expect(weights.place(u8(changed))).toEqual({ offset: 1024, size: 1000 });
      }),
    );
  });

  it('does not copy', () => {
    const weights = new Weights();
    weights.place(u8(many));
    expect(weights.parts[0]!.bytes().buffer).toBe(many.buffer);
  });

  it('computes deferred constants when their bytes are written', () => {
    const weights = new Weights();
    let computations = 0;
    const later = deferred('f32', [32], () => {
      computations++;
      return new Float32Array(32).fill(1);
    });
    weights.place(filled(3));
    expect(weights.place(later)).toEqual({ offset: 64, size: 128 });
    expect(weights.place(later)).toEqual({ offset: 64, size: 128 });
    expect(computations).toBe(0);
    expect(new Float32Array(joinBin(weights.parts).buffer, 64)).toEqual(new Float32Array(32).fill(1));
    expect(computations).toBe(1);
  });

  it('writes a byte if all constants are empty', () => {
    const weights = new Weights();
    expect(joinBin(weights.parts).byteLength).toBe(0);
    expect(weights.place(filled(0)).size).toBe(0);
    expect(joinBin(weights.parts).byteLength).toBeGreaterThan(0);
  });

  it('are not allocated before all parts are decoded', () => {
    const corrupt = {
      byteLength: 2 ** 50,
      bytes: (): Uint8Array => {
        throw new Error('corrupt');
      },
    };
    expect(() => joinBin([corrupt])).toThrow('corrupt');
  });
});
