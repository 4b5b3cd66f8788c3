import type { Tensors } from '../detect/heads/port.ts';
import { bitsOf } from '../tensor/element-type.ts';
import { bytesOf, sizeOf, type Tensor, tensorFromBytes } from '../tensor/tensor.ts';

/** Joins tensors of the same names, types and shapes, except for their numbers of items, along the first axis. */
export function joinBatch(items: readonly Tensors[]): Tensors {
  const names = Object.keys(items[0]!);
  return Object.fromEntries(names.map(name => [name, joined(items.map(item => item[name]!))]));
}

function joined(tensors: readonly Tensor[]): Tensor {
  const { type, shape } = tensors[0]!;
  const count = tensors.reduce((sum, each) => sum + each.shape[0]!, 0);
  const bytes = new Uint8Array(tensors.reduce((sum, { data }) => sum + data.byteLength, 0));
  let at = 0;
  for (const tensor of tensors) {
    bytes.set(bytesOf(tensor), at);
    at += tensor.data.byteLength;
  }
  return tensorFromBytes(type, [count, ...shape.slice(1)], bytes);
}

/** Splits outputs into parts of `sizes` items. */
export function splitBatch(outputs: Tensors, sizes: readonly number[]): readonly Tensors[] {
  let first = 0;
  return sizes.map(size => {
    const start = first;
    first += size;
    return Object.fromEntries(Object.entries(outputs).map(([name, each]) => [name, part(each, start, size)]));
  });
}

function part(tensor: Tensor, start: number, size: number): Tensor {
  const { type, shape } = tensor;
  const item = (sizeOf(shape.slice(1)) * bitsOf(type)) / 8;
  const bytes = bytesOf(tensor).slice(start * item, (start + size) * item);
  return tensorFromBytes(type, [size, ...shape.slice(1)], bytes);
}
