/** Conversions between f32 and the 16-bit float formats, rounding to nearest, ties to even. */

const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);

/** Values from 65520 on become infinity. */
export function toHalf(value: number): number {
  f32[0] = value;
  const bits = u32[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200);
  const half = exponent - 112;
  if (half >= 0x1f) return sign | 0x7c00;
  if (half > 0) {
    const rounded = (half << 10) + (mantissa >>> 13);
    const rest = mantissa & 0x1fff;
    // A carry from the mantissa into the exponent yields the next number.
    return sign | (rounded + (rest > 0x1000 || (rest === 0x1000 && (rounded & 1) === 1) ? 1 : 0));
  }
  if (half < -10) return sign;
  const full = mantissa | 0x800000;
  const shift = 14 - half;
  const rounded = full >>> shift;
  const rest = full & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return sign | (rounded + (rest > middle || (rest === middle && (rounded & 1) === 1) ? 1 : 0));
}

export function fromHalf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

export function toBfloat16(value: number): number {
  f32[0] = value;
  const bits = u32[0]!;
  if (Number.isNaN(value)) return ((bits >>> 16) | 0x40) & 0xffff;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

export function fromBfloat16(bits: number): number {
  u32[0] = bits << 16;
  return f32[0]!;
}

let halfValues: Float32Array | undefined;

export function halvesToFloats(bits: Uint16Array): Float32Array {
  halfValues ??= Float32Array.from({ length: 0x10000 }, (_, i) => fromHalf(i));
  const floats = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) floats[i] = halfValues[bits[i]!]!;
  return floats;
}

/** Bits as f32 of the largest f16 number (65504) and of the smallest normal one (2^-14). */
const LARGEST = 0x477fe000;
const SMALLEST = 0x38800000;

export interface Halves {
  readonly halves: Uint16Array;
  /** How many numbers other than 0 are closer to 0 than the normal numbers of f16, and lose precision. */
  readonly small: number;
  /** How many numbers are beyond the largest of f16, infinite or NaN. */
  readonly large: number;
}

export const floatsToHalves = (floats: Float32Array): Uint16Array => roundToHalves(floats).halves;

export function roundToHalves(floats: Float32Array): Halves {
  const { length } = floats;
  const words = new Uint32Array(floats.buffer, floats.byteOffset, length);
  const halves = new Uint16Array(length);
  let small = 0;
  let large = 0;
  for (let i = 0; i < length; i++) {
    const bits = words[i]!;
    const size = bits & 0x7fffffff;
    if (size >= SMALLEST && size < LARGEST) {
      halves[i] = ((bits >>> 16) & 0x8000) | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
    } else {
      halves[i] = toHalf(floats[i]!);
      if (size > LARGEST) large++;
      else if (size < SMALLEST && size !== 0) small++;
    }
  }
  return { halves, small, large };
}
