import { allocate, bitsOf } from '../../tensor/element-type.ts';
import { numbersOf, sizeOf, type Tensor, tensorOf } from '../../tensor/tensor.ts';
import type { StaticType } from '../graph.ts';
import { stridesOf } from './rules.ts';

/** Evaluation of constants. Arithmetic runs in doubles and rounds once into the result's type. */

/** A tensor whose element `i` is `at(i)`, rounded into the type. */
export function generate({ type, shape }: StaticType, at: (i: number) => number): Tensor {
  const data = allocate(type, sizeOf(shape));
  if (data instanceof Float32Array || data instanceof Int32Array) {
    for (let i = 0; i < data.length; i++) data[i] = at(i);
    return { type, shape, data };
  }
  const numbers = new Float64Array(sizeOf(shape));
  for (let i = 0; i < numbers.length; i++) numbers[i] = at(i);
  return tensorOf(type, shape, numbers);
}

export function mapTensor(input: Tensor, type: StaticType, f: (x: number) => number): Tensor {
  const numbers = numbersOf(input);
  return generate(type, i => f(numbers[i]!));
}

/** For each element of `shape`, the offset of the element of `from` that broadcasts onto it. */
export function broadcastOffsets(from: readonly number[], shape: readonly number[]): Int32Array {
  const strides = stridesOf(from);
  const pad = shape.length - from.length;
  const steps = shape.map((_, i) => (i < pad || from[i - pad] === 1 ? 0 : strides[i - pad]!));
  return gridOffsets(shape, steps, 0);
}

/** The offsets of a grid: `start` plus, along each axis, a multiple of that axis's step. */
export function gridOffsets(shape: readonly number[], steps: readonly number[], start: number): Int32Array {
  const offsets = new Int32Array(sizeOf(shape));
  if (offsets.length === 0) return offsets;
  offsets[0] = start;
  let filled = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const block = filled;
    for (let k = 1; k < shape[axis]!; k++) {
      const shift = k * steps[axis]!;
      for (let i = 0; i < block; i++) offsets[filled++] = offsets[i]! + shift;
    }
  }
  return offsets;
}

export function zipTensors(a: Tensor, b: Tensor, type: StaticType, f: (x: number, y: number) => number): Tensor {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  const count = sizeOf(type.shape);
  if (x.length === count && y.length === count) return generate(type, i => f(x[i]!, y[i]!));
  if (x.length === count && y.length === 1) return generate(type, i => f(x[i]!, y[0]!));
  const [p, q] = [broadcastOffsets(a.shape, type.shape), broadcastOffsets(b.shape, type.shape)];
  return generate(type, i => f(x[p[i]!]!, y[q[i]!]!));
}

/** The elements of `input` at `offsets`, in any type of at least a byte. */
export function pick({ type, data }: Tensor, offsets: ArrayLike<number>, shape: readonly number[]): Tensor {
  const result = allocate(type, offsets.length);
  for (let i = 0; i < offsets.length; i++) result[i] = data[offsets[i]!]!;
  return { type, shape, data: result };
}

/** Whether elements can be picked one by one: packed types and strings cannot. */
export const isPickable = ({ type }: Tensor): boolean => bitsOf(type) >= 8;

export function permute(input: Tensor, order: readonly number[]): Tensor {
  const strides = stridesOf(input.shape);
  const shape = order.map(axis => input.shape[axis]!);
  return pick(
    input,
    gridOffsets(
      shape,
      order.map(axis => strides[axis]!),
      0,
    ),
    shape,
  );
}
