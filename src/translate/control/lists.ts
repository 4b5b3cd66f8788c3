import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Broadcast } from '../../ov/ops/expand.ts';
import { Gather, ScatterUpdate } from '../../ov/ops/gather.ts';
import { ShapeOf } from '../../ov/ops/reshape.ts';
import { isStatic, isStaticDim, type Shape } from '../../tensor/dim.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import type { ItemList, TensorList } from '../operand.ts';
import { concat, convert, unsqueeze } from '../values.ts';

/** Reading, writing, stacking and cutting TensorLists and TensorArrays. */

/** Longer lists stay stacked: taken apart, each item would be an op of its own. */
const MOST_ITEMS = 256;

/** The position of an item, if it is known. */
const knownIndex = (index: Value): number | undefined => {
  const only = index.contents?.[0];
  return index.contents?.length === 1 && typeof only === 'number' ? only : undefined;
};

/** A list of `count` items that are not written yet. */
export function reserve(count: Value, type: ElementType, itemShape: Shape | undefined): TensorList {
  const length = knownIndex(count);
  if (length === undefined || length > MOST_ITEMS) {
    return { list: 'reserved', type, itemShape, count };
  }
  return { list: 'items', type, itemShape, items: new Array<undefined>(length).fill(undefined) };
}

/** The items of a tensor along its first axis. */
export function fromTensor(tensor: Value, b: Builder): TensorList {
  const [length, ...itemShape] = tensor.shape;
  if (typeof length !== 'number' || length > MOST_ITEMS) return { list: 'stacked', tensor };
  const items = Array.from({ length }, (_, i) => itemAt(b, tensor, b.scalar('i64', i)));
  return { list: 'items', type: tensor.type, itemShape, items };
}

const itemAt = (b: Builder, stacked: Value, index: Value): Value => b.add(Gather, [stacked, index, b.scalar('i64', 0)]);

export function getItem(list: TensorList, index: Value, b: Builder): Value {
  switch (list.list) {
    case 'loop':
      return list.read(index);
    case 'stacked':
      return itemAt(b, list.tensor, index);
    case 'items': {
      const at = knownIndex(index);
      if (at === undefined) return itemAt(b, stack(list, b), index);
      if (at < 0 || at >= list.items.length) throw outside(at, list.items.length);
      return list.items[at] ?? empty(list, b);
    }
    case 'written':
      return getItem(list.to, index, b);
    case 'reserved':
      throw new DecantError('unsupported', 'an item is read from a list of unknown length before it was written');
  }
}

export function setItem(list: TensorList, index: Value, item: Value, b: Builder): TensorList {
  switch (list.list) {
    case 'items': {
      const at = knownIndex(index);
      if (at === undefined) return setItem({ list: 'stacked', tensor: stack(list, b) }, index, item, b);
      if (at < 0 || at >= list.items.length) throw outside(at, list.items.length);
      return { ...list, items: list.items.map((old, i) => (i === at ? item : old)) };
    }
    case 'stacked': {
      const at = unsqueeze(b, convert(b, index, 'i64'), 0);
      const update = unsqueeze(b, item, 0);
      return { list: 'stacked', tensor: b.add(ScatterUpdate, [list.tensor, at, update, b.scalar('i64', 0)]) };
    }
    default:
      return { list: 'written', to: list, index, item };
  }
}

/** All items, one behind the other along a new first axis. */
export function stack(list: TensorList, b: Builder): Value {
  switch (list.list) {
    case 'stacked':
      return list.tensor;
    case 'items':
      return concat(
        b,
        0,
        list.items.map(item => unsqueeze(b, item ?? empty(list, b), 0)),
      );
    case 'reserved': {
      if (list.itemShape?.every(isStaticDim) !== true) {
        throw new DecantError('unsupported', 'a list of unknown length whose items have an unknown shape is stacked');
      }
      const sizes = concat(b, 0, [unsqueeze(b, convert(b, list.count, 'i64'), 0), b.i64(...list.itemShape)]);
      return b.add(Broadcast, [b.scalar(list.type, 0), sizes]);
    }
    default:
      throw new DecantError('unsupported', 'a list is stacked inside the loop that writes it');
  }
}

export function lengthOf(list: TensorList, b: Builder): Value {
  switch (list.list) {
    case 'items':
      return b.scalar('i32', list.items.length);
    case 'stacked':
      return b.add(Gather, [
        b.add(ShapeOf, [list.tensor], { output_type: 'i32' }),
        b.scalar('i64', 0),
        b.scalar('i64', 0),
      ]);
    case 'reserved':
      return list.count;
    case 'loop':
      return list.count;
    case 'written':
      return lengthOf(list.to, b);
  }
}

/** What stands where nothing was written: zeros, as TensorFlow has it. */
function empty({ type, itemShape, items }: ItemList, b: Builder): Value {
  const shapes = [itemShape, ...items.map(item => item?.shape)];
  const known = shapes.find(shape => shape !== undefined && isStatic(shape));
  if (known === undefined) {
    throw new DecantError('unsupported', 'an item of a list is read that was never written, and its shape is unknown');
  }
  return b.add(Broadcast, [b.scalar(type, 0), b.i64(...known.map(Number))]);
}

const outside = (index: number, length: number): DecantError =>
  new DecantError('malformed', `item ${index} of a list of ${length}`);
