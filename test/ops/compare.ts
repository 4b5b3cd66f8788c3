import { expect } from 'vitest';
import { bitsOf, isReal } from '../../src/tensor/element-type.ts';
import { numbersOf, type Tensor } from '../../src/tensor/tensor.ts';

/** Relative to the larger of the expected value and 1: the error of a few operations in f32, or of one rounding to f16. */
const TOLERANCE = 2e-6;
const HALF_TOLERANCE = 1e-3;

export const typeText = ({ type, shape }: Tensor): string => `${type}[${shape.join(',')}]`;

/** Describes the first element that differs by more than the tolerance, if any. */
export function difference(
  actual: Tensor,
  expected: Tensor,
  tolerance = bitsOf(expected.type) === 16 ? HALF_TOLERANCE : TOLERANCE,
): string | undefined {
  const a = numbersOf(actual);
  const b = numbersOf(expected);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const x = a[i] ?? NaN;
    const y = b[i] ?? NaN;
    const near = isReal(expected.type) && Number.isFinite(y) && Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y));
    if (!near && !(x === y) && !(Number.isNaN(x) && Number.isNaN(y))) return `element ${i} is ${x} instead of ${y}`;
  }
  return undefined;
}

export function expectTensor(actual: Tensor | undefined, expected: Tensor, tolerance?: number): void {
  expect(actual === undefined ? 'nothing' : typeText(actual)).toBe(typeText(expected));
  const found = difference(actual!, expected, tolerance);
  expect(found === undefined ? 'equal' : `${found}; all: ${Array.from(numbersOf(actual!)).join(' ')}`).toBe('equal');
}
