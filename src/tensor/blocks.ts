import { allocate, type TypedArray } from './element-type.ts';
import { sizeOf, type Tensor } from './tensor.ts';

/** Visits the rows (along the last axis) of a block, with their offsets in a tensor of `shape` and in the block. */
function eachRow(
  shape: readonly number[],
  starts: readonly number[],
  lengths: readonly number[],
  visit: (whole: number, part: number, length: number) => void,
): void {
  const rows = sizeOf(lengths.slice(0, -1));
  const width = lengths[lengths.length - 1] ?? 1;
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let offset = starts[starts.length - 1] ?? 0;
    let stride = shape[shape.length - 1] ?? 1;
    for (let axis = lengths.length - 2; axis >= 0; axis--) {
      offset += (starts[axis]! + (rest % lengths[axis]!)) * stride;
      rest = Math.floor(rest / lengths[axis]!);
      stride *= shape[axis]!;
    }
    visit(offset, row * width, width);
  }
}

/** Not for packed types. */
export function putBlock(whole: TypedArray, shape: readonly number[], part: Tensor, starts: readonly number[]): void {
  eachRow(shape, starts, part.shape, (to, from, length) => {
    for (let i = 0; i < length; i++) whole[to + i] = part.data[from + i]!;
  });
}

export function takeBlock(tensor: Tensor, starts: readonly number[], lengths: readonly number[]): Tensor {
  const data = allocate(tensor.type, sizeOf(lengths));
  eachRow(tensor.shape, starts, lengths, (from, to, length) => {
    for (let i = 0; i < length; i++) data[to + i] = tensor.data[from + i]!;
  });
  return { type: tensor.type, shape: lengths, data };
}
