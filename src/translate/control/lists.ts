import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Broadcast } from '../../ov/ops/movement.ts';
import { Gather, ScatterUpdate } from '../../ov/ops/gather.ts';
import { ShapeOf } from '../../ov/ops/shape.ts';
import { concat, convert, unsqueeze } from '../../ov/shorthand.ts';
import { type Dim, isStatic, isStaticDim, type Shape } from '../../tensor/dim.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import type { ItemList, LoopList, TensorList } from '../operand.ts';

/** Reading, writing, stacking and cutting TensorLists and TensorArrays. */

/** Longer lists stay stacked: taken apart, each item would be an op of its own. */
const MOST_ITEMS = 256;

/** A list in the body of the loop that carries it. */
export interface BodyList extends LoopList {
  /** The number that the next item has which is added to the list. */
  readonly end: Value;
  /** All items, stacked; `itemShape` is the shape of one for a list that does not know it. */
  whole(itemShape: Shape | undefined): Value;
}

const isBodyList = (list: LoopList): list is BodyList => 'whole' in list;

/** The position of an item, if it is known. */
const knownIndex = (index: Value): number | undefined => {
  const only = index.partialValue?.[0];
  return index.partialValue?.length === 1 && typeof only === 'number' ? only : undefined;
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
export const fromTensor = (tensor: Value): TensorList => ({ list: 'stacked', tensor });

export const itemAt = (b: Builder, stacked: Value, index: Value): Value =>
  b.add(Gather, [stacked, index, b.scalar('i64', 0)]);

/** A list with its items apart; undefined where that is not possible, or too much. */
export function itemsOf(list: TensorList, b: Builder): ItemList | undefined {
  if (list.list === 'items') return list;
  if (list.list !== 'stacked') return undefined;
  const [length, ...itemShape] = list.tensor.shape;
  if (typeof length !== 'number' || length > MOST_ITEMS) return undefined;
  const items = Array.from({ length }, (_, i) => itemAt(b, list.tensor, b.scalar('i64', i)));
  return { list: 'items', type: list.tensor.type, itemShape, items };
}

export function getItem(list: TensorList, index: Value, b: Builder): Value {
  if (list.list === 'loop') return list.read(index);
  const [at, length] = [knownIndex(index), knownLength(list)];
  if (at !== undefined && typeof length === 'number' && (at < 0 || at >= length)) throw outside(at, length);
  if (list.list === 'items' && at !== undefined) return list.items[at] ?? empty(list, b);
  return itemAt(b, stack(list, b), index);
}

export function setItem(list: TensorList, index: Value, item: Value, b: Builder): TensorList {
  if (list.list === 'loop') return { list: 'written', to: list, index, item };
  const at = knownIndex(index);
  const apart = at === undefined ? undefined : itemsOf(list, b);
  if (at !== undefined && apart !== undefined) {
    if (at < 0 || at >= apart.items.length) throw outside(at, apart.items.length);
    return { ...apart, items: apart.items.map((old, i) => (i === at ? item : old)) };
  }
  const position = unsqueeze(b, convert(b, index, 'i64'), 0);
  const tensor = stack(list, b, item.shape);
  return fromTensor(b.add(ScatterUpdate, [tensor, position, unsqueeze(b, item, 0), b.scalar('i64', 0)]));
}

/** The list with an item more. */
export function addItem(list: TensorList, item: Value, b: Builder): TensorList {
  if (list.list === 'items') return { ...list, items: [...list.items, item] };
  if (list.list === 'loop' && isBodyList(list)) return { list: 'written', to: list, index: list.end, item };
  return fromTensor(concat(b, 0, [stack(list, b, item.shape), unsqueeze(b, item, 0)]));
}

/** A list of another length: cut, or with items that are not written yet. */
export function resize(list: ItemList, size: number): ItemList {
  if (!(size >= 0 && size <= MOST_ITEMS)) throw new DecantError('unsupported', `a list is resized to ${size} items`);
  return { ...list, items: Array.from({ length: size }, (_, i) => list.items[i]) };
}

/**
 * All items, one behind the other along a new first axis.
 *
 * @param itemShape the shape of an item, for lists that do not know it themselves
 */
export function stack(list: TensorList, b: Builder, itemShape?: Shape): Value {
  switch (list.list) {
    case 'stacked':
      return list.tensor;
    case 'items':
      if (list.items.length === 0) return zeros(b, list.type, b.scalar('i64', 0), [list.itemShape, itemShape]);
      return concat(
        b,
        0,
        list.items.map(item => unsqueeze(b, item ?? empty(list, b, itemShape), 0)),
      );
    case 'reserved':
      return zeros(b, list.type, list.count, [list.itemShape, itemShape]);
    case 'written': {
      const before = fromTensor(stack(list.to, b, list.item.shape));
      return stack(setItem(before, list.index, list.item, b), b);
    }
    case 'loop':
      if (isBodyList(list)) return list.whole(itemShape);
      throw new DecantError('internal', 'a list of a loop that cannot be stacked');
  }
}

/** The number of items, as far as it is known. */
export function knownLength(list: TensorList): Dim | undefined {
  switch (list.list) {
    case 'items':
      return list.items.length;
    case 'stacked':
      return list.tensor.shape[0];
    case 'reserved':
      return list.count.partialValue?.[0];
    default:
      return undefined;
  }
}

export function lengthOf(list: TensorList, b: Builder): Value {
  switch (list.list) {
    case 'items':
      return b.scalar('i32', list.items.length);
    case 'stacked': {
      const sizes = b.add(ShapeOf, [list.tensor], { output_type: 'i32' });
      return itemAt(b, sizes, b.scalar('i64', 0));
    }
    case 'reserved':
    case 'loop':
      return list.count;
    case 'written':
      return lengthOf(list.to, b);
  }
}

/** What stands where nothing was written: zeros, as TensorFlow has it. */
function empty({ type, itemShape, items }: ItemList, b: Builder, otherwise?: Shape): Value {
  const shapes = [itemShape, ...items.map(item => item?.shape), otherwise];
  return b.add(Broadcast, [b.scalar(type, 0), b.i64(...firstStatic(shapes))]);
}

/** `count` items of zeros. */
function zeros(b: Builder, type: ElementType, count: Value, shapes: readonly (Shape | undefined)[]): Value {
  const sizes = concat(b, 0, [unsqueeze(b, convert(b, count, 'i64'), 0), b.i64(...firstStatic(shapes))]);
  return b.add(Broadcast, [b.scalar(type, 0), sizes]);
}

function firstStatic(shapes: readonly (Shape | undefined)[]): readonly number[] {
  const known = shapes.find(shape => shape !== undefined && isStatic(shape));
  if (known !== undefined) return known.filter(isStaticDim);
  throw new DecantError('unsupported', 'a list has items that were never written, and whose shape is unknown');
}

const outside = (index: number, length: number): DecantError =>
  new DecantError('malformed', `item ${index} of a list of ${length}`);
