import { bitsOf } from '../tensor/element-type.ts';
import { numbersOf, sizeOf } from '../tensor/tensor.ts';
import { constantOf, type Value } from './graph.ts';

/** Larger constants are taken for weights, and their elements are not compared. */
const SMALL = 1 << 12;

/** Returns the number that all elements of a small constant are. */
export function uniformElement(value: Value): number | undefined {
  const constant = constantOf(value);
  if (constant === undefined || bitsOf(constant.type) < 8 || sizeOf(constant.shape) > SMALL) return undefined;
  const numbers = numbersOf(constant);
  const first = numbers[0];
  return numbers.every(number => number === first) ? first : undefined;
}
