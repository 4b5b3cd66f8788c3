import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  floatsToHalves,
  fromBfloat16,
  fromHalf,
  halvesToFloats,
  roundToHalves,
  toBfloat16,
  toHalf,
} from './float16.ts';

const isNan = (bits: number): boolean => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;

/** All nonnegative finite halves in order, indexed by their bits. */
const STEPS = Array.from({ length: 0x7c00 }, (_, bits) => fromHalf(bits));

function nearestHalf(value: number): number {
  const single = Math.fround(value);
  const size = Math.abs(single);
  const sign = single < 0 || Object.is(single, -0) ? 0x8000 : 0;
  if (size >= 65520) return sign | 0x7c00;
  let low = 0;
  let high = STEPS.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (STEPS[middle]! <= size) low = middle;
    else high = middle - 1;
  }
  const below = size - STEPS[low]!;
  const above = (STEPS[low + 1] ?? 65536) - size;
  return sign | (below < above || (below === above && low % 2 === 0) ? low : low + 1);
}

describe('f16', () => {
  it('round-trips all 65,536 bit patterns', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const back = toHalf(fromHalf(bits));
      if (isNan(bits)) expect(isNan(back), bits.toString(16)).toBe(true);
      else if (back !== bits) expect.fail(`${bits.toString(16)} came back as ${back.toString(16)}`);
    }
  });

  it('has the values of the format', () => {
    expect(fromHalf(0x3c00)).toBe(1);
    expect(fromHalf(0xc000)).toBe(-2);
    expect(fromHalf(0x7bff)).toBe(65504);
    expect(fromHalf(0x0400)).toBe(2 ** -14);
    expect(fromHalf(0x0001)).toBe(2 ** -24);
    expect(fromHalf(0x3555)).toBe(0.333251953125);
    expect(fromHalf(0x7c00)).toBe(Infinity);
    expect(fromHalf(0xfc00)).toBe(-Infinity);
    expect(fromHalf(0x8000)).toBe(-0);
    expect(fromHalf(0x7e00)).toBeNaN();
  });

  it('rounds to nearest, ties to even', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), value => {
        expect(toHalf(value)).toBe(nearestHalf(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('rounds correctly next to ties', () => {
    for (let bits = 0; bits < STEPS.length - 1; bits += 7) {
      const tie = (STEPS[bits]! + STEPS[bits + 1]!) / 2;
      for (const value of [tie, tie * (1 + 2 ** -20), tie * (1 - 2 ** -20), -tie]) {
        if (toHalf(value) !== nearestHalf(value)) expect.fail(`${value} became ${toHalf(value).toString(16)}`);
      }
    }
  });

  it('overflows to infinity and underflows to zero', () => {
    expect(toHalf(65519)).toBe(0x7bff);
    expect(toHalf(65520)).toBe(0x7c00);
    expect(toHalf(-1e30)).toBe(0xfc00);
    expect(toHalf(2 ** -25)).toBe(0);
    expect(toHalf(2 ** -25 * 1.001)).toBe(1);
    expect(isNan(toHalf(NaN))).toBe(true);
  });

  it('converts arrays like single values', () => {
    const values = [0, -0, 1, 0.1, 65504, 1e9, -(2 ** -24)];
    const bits = floatsToHalves(Float32Array.from(values));
    expect(Array.from(bits)).toEqual(values.map(toHalf));
    expect(Array.from(halvesToFloats(bits))).toEqual(Array.from(bits, fromHalf));
  });

  it('counts what it has no normal numbers for', () => {
    const normal = [0, -0, 2 ** -14, -1, 65504, -65504];
    const small = [1e-5, -(2 ** -15), 1e-30, 2 ** -149];
    const large = [65505, -1e9, Infinity, -Infinity, NaN];
    const { halves, ...counts } = roundToHalves(Float32Array.from([...normal, ...small, ...large]));
    expect(counts).toEqual({ small: 4, large: 5 });
    expect(halves.length).toBe(15);
  });
});

describe('bf16', () => {
  it('round-trips all 65,536 bit patterns', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromBfloat16(bits);
      const back = toBfloat16(value);
      if (Number.isNaN(value)) expect(fromBfloat16(back)).toBeNaN();
      else if (back !== bits) expect.fail(`${bits.toString(16)} came back as ${back.toString(16)}`);
    }
  });

  it('rounds to nearest, ties to even', () => {
    expect(fromBfloat16(toBfloat16(1 + 2 ** -8))).toBe(1);
    expect(fromBfloat16(toBfloat16(1 + 3 * 2 ** -8))).toBe(1 + 2 ** -6);
    expect(fromBfloat16(toBfloat16(1 + 2 ** -8 + 2 ** -16))).toBe(1 + 2 ** -7);
    expect(toBfloat16(3.4e38)).toBe(0x7f80);
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true, max: Math.fround(1e38), min: Math.fround(-1e38) }),
        x => {
          expect(Math.abs(fromBfloat16(toBfloat16(x)) - x)).toBeLessThanOrEqual(Math.abs(x) * 2 ** -8 + 2 ** -133);
        },
      ),
    );
  });
});
