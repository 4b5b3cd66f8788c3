import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import { allDefined } from '../../ov/all-defined.ts';
import type { Value } from '../../ov/graph.ts';
import { Add, Maximum, Subtract } from '../../ov/ops/arithmetic.ts';
import { Broadcast, Tile } from '../../ov/ops/movement.ts';
import { Gather, ScatterUpdate } from '../../ov/ops/gather.ts';
import { ShapeOf } from '../../ov/ops/shape.ts';
import { checkIntegers } from '../../ov/ops/support/infer.ts';
import { concat, convert, sizesAlong, unsqueeze } from '../../ov/shorthand.ts';
import { type Dim, dimEquals, isStatic, isStaticDim, type Shape } from '../../tensor/dim.ts';
import type { ElementType } from '../../tensor/element-type.ts';
import type { ItemList, LoopList, TensorList } from '../operand.ts';

/** Longer lists stay stacked, because each separate item costs an op. */
const MAX_ITEMS = 256;

export interface BodyList extends LoopList {
  readonly end: Value;
  stacked(itemShape: Shape | undefined): Value;
}

const isBodyList = (list: LoopList): list is BodyList => 'stacked' in list;

const knownIndex = (index: Value): number | undefined => {
  const only = index.partialValue?.[0];
  return index.partialValue?.length === 1 && typeof only === 'number' ? only : undefined;
};

export function reserve(count: Value, type: ElementType, itemShape: Shape | undefined, grows = false): TensorList {
  const length = knownIndex(count);
  if (length !== undefined) checkIntegers('the size of a list', [length], 1, 0);
  if (length === undefined || length > MAX_ITEMS) {
    return { list: 'reserved', type, itemShape, count, grows };
  }
  return { list: 'items', type, itemShape, items: new Array<undefined>(length).fill(undefined), grows };
}

export const fromTensor = (tensor: Value): TensorList => ({ list: 'stacked', tensor });

export const itemAt = (b: Builder, stacked: Value, index: Value): Value =>
  b.add(Gather, [stacked, index, b.scalar('i64', 0)]);

export function itemsOf(list: TensorList, b: Builder): ItemList | undefined {
  if (list.list === 'items') return list;
  if (list.list !== 'stacked') return undefined;
  const [length, ...itemShape] = list.tensor.shape;
  if (typeof length !== 'number' || length > MAX_ITEMS) return undefined;
  const items = Array.from({ length }, (_, i) => itemAt(b, list.tensor, b.scalar('i64', i)));
  return { list: 'items', type: list.tensor.type, itemShape, items };
}

export function getItem(list: TensorList, index: Value, b: Builder): Value {
  if (list.list === 'loop') return list.read(index);
  const at = knownIndex(index);
  const length = knownLength(list);
  if (at !== undefined && typeof length === 'number' && (at < 0 || at >= length)) throw outOfRange(at, length);
  if (list.list === 'items' && at !== undefined) return list.items[at] ?? empty(list, b);
  return itemAt(b, stack(list, b), index);
}

/** Writes an item. A list that `grows` is extended to an index past its end. */
export function setItem(list: TensorList, index: Value, item: Value, grows: boolean, b: Builder): TensorList {
  if (list.list === 'loop') return { list: 'written', to: list, index, item, grows };
  const at = knownIndex(index);
  const separate = at === undefined ? undefined : itemsOf(list, b);
  if (at !== undefined && separate !== undefined) {
    const length = separate.items.length;
    if (at < 0 || (at >= length && !grows)) throw outOfRange(at, length);
    const { items } = resize(separate, Math.max(length, at + 1));
    return { ...separate, items: items.map((old, i) => (i === at ? item : old)) };
  }
  const position = unsqueeze(b, convert(b, index, 'i64'), 0);
  const row = unsqueeze(b, item, 0);
  const tensor = stack(list, b, item.shape);
  const target = grows ? extended(b, tensor, position, row) : tensor;
  return fromTensor(b.add(ScatterUpdate, [target, position, row, b.scalar('i64', 0)]));
}

/** Appends rows of zeros to `tensor` until it has one at `position`, a vector of one index; `row` has the shape of a row. */
function extended(b: Builder, tensor: Value, position: Value, row: Value): Value {
  const first = (x: Value): Value => sizesAlong(b, x, 0);
  const length = b.add(Add, [position, b.i64(1)]);
  const missing = b.add(Maximum, [b.add(Subtract, [length, first(tensor)]), b.i64(0)]);
  const zero = b.add(Broadcast, [b.scalar(row.type, 0), b.add(ShapeOf, [row])]);
  const axes = row.shape.slice(1).map(() => 1);
  return concat(b, 0, [tensor, b.add(Tile, [zero, concat(b, 0, [missing, b.i64(...axes)])])]);
}

export function addItem(list: TensorList, item: Value, b: Builder): TensorList {
  if (list.list === 'items') return { ...list, items: [...list.items, item] };
  if (list.list === 'loop' && isBodyList(list))
    return { list: 'written', to: list, index: list.end, item, grows: true };
  return fromTensor(concat(b, 0, [stack(list, b, item.shape), unsqueeze(b, item, 0)]));
}

export function resize(list: ItemList, size: number): ItemList {
  if (!(size >= 0 && size <= MAX_ITEMS))
    throw new DecantError(
      'unsupported',
      `a tensor list is resized to ${size} items, but only 0 to ${MAX_ITEMS} are supported`,
      { remedy: 'Fix the sizes that the length depends on with --input-shape.' },
    );
  return { ...list, items: Array.from({ length: size }, (_, i) => list.items[i]) };
}

/**
 * Stacks all items along a new axis 0.
 *
 * @param itemShape shape of an item, for a list that does not know it
 * @param sources values whose axes may have the dynamic sizes of an item
 */
export function stack(list: TensorList, b: Builder, itemShape?: Shape, sources: readonly Value[] = []): Value {
  switch (list.list) {
    case 'stacked':
      return list.tensor;
    case 'items':
      if (list.items.length === 0)
        return zeros(b, list.type, b.scalar('i64', 0), sizesOf(b, [list.itemShape, itemShape], sources));
      return concat(
        b,
        0,
        list.items.map(item => unsqueeze(b, item ?? empty(list, b, itemShape, sources), 0)),
      );
    case 'reserved':
      return zeros(b, list.type, list.count, sizesOf(b, [list.itemShape, itemShape], sources));
    case 'written': {
      const before = fromTensor(stack(list.to, b, list.item.shape));
      return stack(setItem(before, list.index, list.item, list.grows, b), b);
    }
    case 'loop':
      if (isBodyList(list)) return list.stacked(itemShape);
      throw new DecantError('internal', 'this loop list cannot be stacked');
  }
}

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

function empty(
  { type, itemShape, items }: ItemList,
  b: Builder,
  otherwise?: Shape,
  sources: readonly Value[] = [],
): Value {
  const shapes = [itemShape, ...items.map(item => item?.shape), otherwise];
  return b.add(Broadcast, [b.scalar(type, 0), sizesOf(b, shapes, sources)]);
}

function zeros(b: Builder, type: ElementType, count: Value, itemSizes: Value): Value {
  const sizes = concat(b, 0, [unsqueeze(b, convert(b, count, 'i64'), 0), itemSizes]);
  return b.add(Broadcast, [b.scalar(type, 0), sizes]);
}

/** The sizes of the first shape that is static, or whose dynamic sizes are those of an axis of a source: i64 [rank]. */
function sizesOf(b: Builder, shapes: readonly (Shape | undefined)[], sources: readonly Value[]): Value {
  const known = shapes.filter(shape => shape !== undefined);
  const fixed = known.find(isStatic);
  if (fixed !== undefined) return b.i64(...fixed);
  for (const shape of known) {
    const sizes = allDefined(shape, dim => (isStaticDim(dim) ? b.i64(dim) : sizeIn(sources, dim, b)));
    if (sizes !== undefined) return concat(b, 0, sizes);
  }
  throw new DecantError('unsupported', 'the item shape of a tensor list with unwritten items is unknown', {
    remedy: 'Fix the input sizes with --input-shape, or the batch with --batch.',
  });
}

function sizeIn(sources: readonly Value[], dim: Dim, b: Builder): Value | undefined {
  for (const source of sources) {
    const axis = source.shape.findIndex(size => dimEquals(size, dim));
    if (axis >= 0) return sizesAlong(b, source, axis);
  }
  return undefined;
}

const outOfRange = (index: number, length: number): DecantError =>
  new DecantError('malformed', `index ${index} is out of range for a tensor list of ${length} items`);
