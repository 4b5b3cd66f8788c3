import type { Tensors } from '../detect/heads/port.ts';
import { allocate } from '../tensor/element-type.ts';
import { sizeOf, type Tensor, tensor } from '../tensor/tensor.ts';

/** Joins tensors `[1, ...]` of the same shapes to `[batch, ...]`; the last one fills places that are left. */
export const stacked = (items: readonly Tensors[], batch: number): Tensors =>
  Object.fromEntries(
    Object.keys(items[0]!).map(name => [
      name,
      stack(
        items.map(item => item[name]!),
        batch,
      ),
    ]),
  );

function stack(items: readonly Tensor[], batch: number): Tensor {
  const { type, shape } = items[0]!;
  const length = sizeOf(shape);
  const data = allocate(type, batch * length);
  for (let i = 0; i < batch; i++) data.set(items[Math.min(i, items.length - 1)]!.data as never, i * length);
  return tensor(type, [batch, ...shape.slice(1)], data);
}

/** Splits tensors `[batch, ...]` into tensors `[1, ...]`. */
export const itemsOf = (tensors: Tensors, batch: number): readonly Tensors[] =>
  Array.from({ length: batch }, (_, i) =>
    Object.fromEntries(Object.entries(tensors).map(([name, whole]) => [name, itemAt(whole, i, batch)])),
  );

function itemAt({ type, shape, data }: Tensor, i: number, batch: number): Tensor {
  const length = data.length / batch;
  return tensor(type, [1, ...shape.slice(1)], data.subarray(i * length, (i + 1) * length));
}
