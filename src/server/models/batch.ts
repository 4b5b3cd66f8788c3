import type { Tensors } from '../../detect/heads/port.ts';
import type { Output } from '../../runtime/output.ts';
import { boundsOf } from '../../runtime/partial-shape.ts';
import { bytesOf, sizeOf, type Tensor, tensorFromBytes } from '../../tensor/tensor.ts';
import { bitsOf } from '../../tensor/element-type.ts';

/** Returns the most items that all ports accept in one batch; 1 if a port has no dynamic batch. */
export function largestBatch(ports: readonly Output[]): number {
  const sizes = ports.map(port => {
    const { dimensions = [] } = port.getPartialShape();
    const [batch] = dimensions;
    const isDynamic = dimensions.length > 0 && typeof batch !== 'number' && bitsOf(port.elementType) >= 8;
    return isDynamic ? boundsOf(batch)[1] : 1;
  });
  return Math.min(...sizes);
}

/** Returns a text that is equal for tensors that can be joined; undefined for those that have no common batch. */
export function batchKey(inputs: Tensors): string | undefined {
  const tensors = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  if (!tensors.every(([, { shape }]) => shape.length > 0 && shape[0] === batchSize(inputs))) return undefined;
  return JSON.stringify(tensors.map(([name, { type, shape }]) => [name, type, shape.slice(1)]));
}

export const batchSize = (inputs: Tensors): number => Object.values(inputs)[0]?.shape[0] ?? 0;

/** Joins tensors of equal `batchKey`. */
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
