import { sizeOf } from '../tensor/tensor.ts';

/** Returns a function from the index of an element to its index along some axes, in row-major order. */
export function channelIndex(shape: readonly number[], axes: readonly number[]): (element: number) => number {
  const strides = axes.map(axis => sizeOf(shape.slice(axis + 1)));
  const sizes = axes.map(axis => shape[axis]!);
  const [stride = 1, inner = 1] = strides;
  const [size = 1, innerSize = 1] = sizes;
  if (axes.length === 1) return element => Math.floor(element / stride) % size;
  return element => (Math.floor(element / stride) % size) * innerSize + (Math.floor(element / inner) % innerSize);
}

/** Calls `visit` for each run of elements with the same index along some axes, whose end is exclusive. */
export function forEachRun(
  shape: readonly number[],
  axes: readonly number[],
  visit: (channel: number, start: number, end: number) => void,
): void {
  const total = sizeOf(shape);
  const length = sizeOf(shape.slice(axes.at(-1)! + 1));
  const channelOf = channelIndex(shape, axes);
  for (let start = 0; start < total; start += length) visit(channelOf(start), start, start + length);
}
