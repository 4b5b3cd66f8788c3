import { allocate, type TypedArray } from '../../../tensor/element-type.ts';
import { numbersOf, sizeOf, type Tensor, tensorOf } from '../../../tensor/tensor.ts';
import type { StaticType } from '../../graph.ts';
import { stridesOf } from './infer.ts';

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

/** For `from` to `to` the result of `x` and one factor. */
export type ScaleRow = (x: Float32Array, factor: number, result: Float32Array, from: number, to: number) => void;

export function zipTensors(
  a: Tensor,
  b: Tensor,
  type: StaticType,
  f: (x: number, y: number) => number,
  scaleRow: ScaleRow = (x, factor, result, from, to) => {
    for (let i = from; i < to; i++) result[i] = f(x[i]!, factor);
  },
): Tensor {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  const count = sizeOf(type.shape);
  if (x.length === count && y.length === count) return generate(type, i => f(x[i]!, y[i]!));
  if (x instanceof Float32Array && x.length === count && type.type === 'f32') {
    return eachWithFactor(x, y, b.shape, type, scaleRow);
  }
  const [p, q] = [broadcastOffsets(a.shape, type.shape), broadcastOffsets(b.shape, type.shape)];
  return generate(type, i => f(x[p[i]!]!, y[q[i]!]!));
}

/** Weights with a factor for each channel: along the last axes of the factor's shape, which are 1, it stays the same. */
function eachWithFactor(
  x: Float32Array,
  y: ArrayLike<number>,
  factors: readonly number[],
  { type, shape }: StaticType,
  scaleRow: ScaleRow,
): Tensor {
  const aligned = [...new Array<number>(shape.length - factors.length).fill(1), ...factors];
  const last = aligned.findLastIndex(size => size !== 1);
  const block = sizeOf(shape.slice(last + 1));
  const offsets = broadcastOffsets(aligned.slice(0, last + 1), shape.slice(0, last + 1));
  const data = new Float32Array(sizeOf(shape));
  for (let i = 0; i < offsets.length; i++) scaleRow(x, y[offsets[i]!]!, data, i * block, (i + 1) * block);
  return { type, shape, data };
}

/** The elements of `input` at `offsets`, in any type of at least a byte. */
export function pick({ type, data }: Tensor, offsets: ArrayLike<number>, shape: readonly number[]): Tensor {
  const result = allocate(type, offsets.length);
  for (let i = 0; i < offsets.length; i++) result[i] = data[offsets[i]!]!;
  return { type, shape, data: result };
}

/** Matrices are transposed in tiles of this side, which stay in the processor's nearest cache. */
const TILE = 32;

/** The same permutation of fewer axes: those of size 1 do not count, and those that stay side by side are one. */
function collapse(shape: readonly number[], order: readonly number[]): { sizes: number[]; steps: number[] } {
  const strides = stridesOf(shape);
  const sizes: number[] = [];
  const steps: number[] = [];
  for (const axis of order) {
    const size = shape[axis]!;
    if (size === 1) continue;
    if (steps.at(-1) === strides[axis]! * size) {
      sizes[sizes.length - 1]! *= size;
      steps[steps.length - 1] = strides[axis]!;
    } else {
      sizes.push(size);
      steps.push(strides[axis]!);
    }
  }
  return { sizes, steps };
}

/** The elements with their axes in another order: axis i of the result is axis `order[i]` of the input. */
export function permute(input: Tensor, order: readonly number[]): Tensor {
  const { type, shape, data } = input;
  const { sizes, steps } = collapse(shape, order);
  const permuted = order.map(axis => shape[axis]!);
  if (data.BYTES_PER_ELEMENT !== 4) return pick(input, gridOffsets(sizes, steps, 0), permuted);
  const result = allocate(type, sizeOf(shape));
  permuteWords(wordsOf(data), wordsOf(result), sizes, steps);
  return { type, shape: permuted, data: result };
}

const wordsOf = ({ buffer, byteOffset, length }: TypedArray): Int32Array => new Int32Array(buffer, byteOffset, length);

/** Weights have four bytes an element: a loop that only ever sees such arrays is twice as fast. */
function permuteWords(data: Int32Array, result: Int32Array, sizes: readonly number[], steps: readonly number[]): void {
  // The two innermost axes are loops of their own; where they start is a grid over the others.
  const [rows, columns] = [sizes.at(-2) ?? 1, sizes.at(-1) ?? 1];
  const [down, across] = [steps.at(-2) ?? 0, steps.at(-1) ?? 0];
  const starts = gridOffsets(sizes.slice(0, -2), steps.slice(0, -2), 0);
  for (let i = 0; i < starts.length; i++) {
    const [base, start] = [i * rows * columns, starts[i]!];
    for (let top = 0; top < rows; top += TILE) {
      const bottom = Math.min(top + TILE, rows);
      for (let left = 0; left < columns; left += TILE) {
        const right = Math.min(left + TILE, columns);
        for (let row = top; row < bottom; row++) {
          let to = base + row * columns + left;
          let from = start + row * down + left * across;
          for (let column = left; column < right; column++, from += across) result[to++] = data[from]!;
        }
      }
    }
  }
}
