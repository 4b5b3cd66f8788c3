import { allocate, type TypedArray } from './element-type.ts';
import { sizeOf, type Tensor } from './tensor.ts';

/** Rectangular parts of tensors. */

/** Calls `visit` for each row (run along the last axis) of a block with its offset in a tensor of `shape` and in the block. */
function eachRow(
  shape: readonly number[],
  starts: readonly number[],
  lengths: readonly number[],
  visit: (whole: number, part: number, length: number) => void,
): void {
  const rows = sizeOf(lengths.slice(0, -1));
  const width = lengths[lengths.length - 1] ?? 1;
  for (let row = 0; row < rows; row++) {
    let [rest, offset, stride] = [row, starts[starts.length - 1] ?? 0, shape[shape.length - 1] ?? 1];
    for (let axis = lengths.length - 2; axis >= 0; axis--) {
      offset += (starts[axis]! + (rest % lengths[axis]!)) * stride;
      rest = Math.floor(rest / lengths[axis]!);
      stride *= shape[axis]!;
    }
    visit(offset, row * width, width);
  }
}

/** Copies `part` into `whole` (of `shape`) at `starts`. Both hold elements of the same type, of at least a byte. */
export function putBlock(whole: TypedArray, shape: readonly number[], part: Tensor, starts: readonly number[]): void {
  eachRow(shape, starts, part.shape, (to, from, length) => {
    for (let i = 0; i < length; i++) whole[to + i] = part.data[from + i]!;
  });
}

/** The part of a tensor that starts at `starts` and has the size `lengths`. */
export function takeBlock(tensor: Tensor, starts: readonly number[], lengths: readonly number[]): Tensor {
  const data = allocate(tensor.type, sizeOf(lengths));
  eachRow(tensor.shape, starts, lengths, (from, to, length) => {
    for (let i = 0; i < length; i++) data[to + i] = tensor.data[from + i]!;
  });
  return { type: tensor.type, shape: lengths, data };
}
