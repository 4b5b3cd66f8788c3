import { type TypedArray, viewAs } from '../../../tensor/element-type.ts';
import { scratchMemory } from '../../../tensor/scratch.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { gridOffsets, pick } from './evaluate.ts';
import { stridesOf } from './infer.ts';

/** Matrices are transposed in square tiles of this side, which fit in the L1 cache. */
const TILE = 32;

/** Drops axes of size 1 and merges axes that remain adjacent. */
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

/** Axis i of the result is axis `order[i]` of the input. */
export function permute(input: Tensor, order: readonly number[]): Tensor {
  const { type, shape, data } = input;
  const { sizes, steps } = collapse(shape, order);
  const permuted = order.map(axis => shape[axis]!);
  if (data.BYTES_PER_ELEMENT !== 4) return pick(input, gridOffsets(sizes, steps, 0), permuted);
  const words = new Int32Array(scratchMemory(data.byteLength), 0, data.length);
  permuteWords(wordsOf(data), words, sizes, steps);
  return { type, shape: permuted, data: viewAs(type, bytesIn(words), data.length) };
}

const bytesIn = ({ buffer, byteLength }: TypedArray): Uint8Array => new Uint8Array(buffer, 0, byteLength);

const wordsOf = ({ buffer, byteOffset, length }: TypedArray): Int32Array => new Int32Array(buffer, byteOffset, length);

/**
 * Weights have 4-byte elements. A loop over a single array type is twice as fast. Tiles span the axis along which the input is
 * contiguous and the last one, along which the result is: whole cache lines are read and written.
 */
function permuteWords(data: Int32Array, result: Int32Array, sizes: readonly number[], steps: readonly number[]): void {
  const last = sizes.length - 1;
  if (last < 1) {
    result.set(data);
    return;
  }
  const contiguous = steps.indexOf(Math.min(...steps));
  const first = contiguous === last ? last - 1 : contiguous;
  const strides = stridesOf(sizes);
  const outer = sizes.flatMap((_, axis) => (axis === first || axis === last ? [] : [axis]));
  const outerSizes = outer.map(axis => sizes[axis]!);
  const sources = gridOffsets(
    outerSizes,
    outer.map(axis => steps[axis]!),
    0,
  );
  const targets = gridOffsets(
    outerSizes,
    outer.map(axis => strides[axis]!),
    0,
  );
  const rows = sizes[first]!;
  const columns = sizes[last]!;
  const tile: Tile = { data, result, down: steps[first]!, across: steps[last]!, pitch: strides[first]! };
  for (let top = 0; top < rows; top += TILE) {
    const height = Math.min(TILE, rows - top);
    for (let i = 0; i < sources.length; i++) {
      const from = sources[i]! + top * tile.down;
      const to = targets[i]! + top * tile.pitch;
      for (let left = 0; left < columns; left += TILE) {
        copyTile(tile, from + left * tile.across, to + left, height, Math.min(TILE, columns - left));
      }
    }
  }
}

interface Tile {
  readonly data: Int32Array;
  readonly result: Int32Array;
  /** Steps in the data, to the next row and to the next column of the result. */
  readonly down: number;
  readonly across: number;
  /** Step in the result to its next row. */
  readonly pitch: number;
}

/** Four rows at a time take two thirds of the time of one after the other. */
function copyTile(
  { data, result, down, across, pitch }: Tile,
  from: number,
  to: number,
  rows: number,
  columns: number,
): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    let source = from + row * down;
    let target = to + row * pitch;
    for (let column = 0; column < columns; column++, source += across, target++) {
      result[target] = data[source]!;
      result[target + pitch] = data[source + down]!;
      result[target + 2 * pitch] = data[source + 2 * down]!;
      result[target + 3 * pitch] = data[source + 3 * down]!;
    }
  }
  for (; row < rows; row++) {
    let source = from + row * down;
    for (let column = 0; column < columns; column++, source += across) {
      result[to + row * pitch + column] = data[source]!;
    }
  }
}
