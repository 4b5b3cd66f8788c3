import { numbersOf } from '../tensor/tensor.ts';
import type { Builder } from './builder.ts';
import { constantOf, type Value } from './graph.ts';

/** Smallest normal f32; devices flush smaller numbers to 0. */
const SMALLEST = 2 ** -126;

/** Returns the next larger f32: TensorFlow suppresses boxes with IoU > threshold, OpenVINO with IoU >= threshold. */
export function justAbove(b: Builder, threshold: Value): Value {
  const constant = constantOf(threshold);
  if (constant === undefined) return threshold;
  const bits = Float32Array.of(numbersOf(constant)[0]!);
  new Int32Array(bits.buffer)[0]! += 1;
  return b.scalar('f32', Math.max(bits[0]!, SMALLEST));
}
