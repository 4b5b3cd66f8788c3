import { allocate } from '../../../tensor/element-type.ts';
import { scratchMemory } from '../../../tensor/scratch.ts';
import { numbersOf, sizeOf, type Tensor, tensorOf } from '../../../tensor/tensor.ts';
import type { StaticType } from '../../graph.ts';
import { stridesOf } from './infer.ts';

/** Constant folding. Arithmetic is done in doubles, and results are rounded once to the output type. */

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

/** Returns, for each element of `shape`, the offset of the element of `from` that is broadcast to it. */
export function broadcastOffsets(from: readonly number[], shape: readonly number[]): Int32Array {
  const strides = stridesOf(from);
  const pad = shape.length - from.length;
  const steps = shape.map((_, i) => (i < pad || from[i - pad] === 1 ? 0 : strides[i - pad]!));
  return gridOffsets(shape, steps, 0);
}

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
  const x = numbersOf(a);
  const y = numbersOf(b);
  const count = sizeOf(type.shape);
  if (x.length === count && y.length === count) return generate(type, i => f(x[i]!, y[i]!));
  if (x instanceof Float32Array && x.length === count && type.type === 'f32') {
    return zipRows(x, y, b.shape, type, scaleRow);
  }
  const xAt = broadcastOffsets(a.shape, type.shape);
  const yAt = broadcastOffsets(b.shape, type.shape);
  return generate(type, i => f(x[xAt[i]!]!, y[yAt[i]!]!));
}

/** Applies a factor per channel to weights. The factor is constant along its trailing axes of size 1: such blocks are rows. */
function zipRows(
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
  const data = new Float32Array(scratchMemory(x.byteLength), 0, x.length);
  for (let i = 0; i < offsets.length; i++) scaleRow(x, y[offsets[i]!]!, data, i * block, (i + 1) * block);
  return { type, shape, data };
}

/** The type must have at least 8 bits. */
export function pick({ type, data }: Tensor, offsets: ArrayLike<number>, shape: readonly number[]): Tensor {
  const result = allocate(type, offsets.length);
  for (let i = 0; i < offsets.length; i++) result[i] = data[offsets[i]!]!;
  return { type, shape, data: result };
}
