import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import { is, type Value } from '../../ov/graph.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { Reshape } from '../../ov/ops/shape.ts';
import { Range } from '../../ov/ops/generation.ts';
import { concat } from '../../ov/shorthand.ts';
import { dimEquals, freshDim, type Shape } from '../../tensor/dim.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { addItem, fromTensor, getItem, itemsOf, lengthOf, reserve, resize, setItem, stack } from '../control/lists.ts';
import type { ItemList, TensorList } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';

/** TensorLists (TensorFlow 2) and TensorArrays (TensorFlow 1), which differ in who carries the list. */

/** The shape of an item from a vector of sizes, -1 for an unknown one; a scalar is an unknown rank. */
function itemShape(sizes: Value): Shape | undefined {
  if (sizes.shape.length === 0 || sizes.partialValue === undefined) return undefined;
  return sizes.partialValue.map(size => (size === -1 ? freshDim() : size));
}

/** The items of a list joined along their first axis. */
const joined = (b: Builder, list: TensorList): Value => {
  if (list.list === 'items')
    return concat(
      b,
      0,
      list.items.map((_, i) => getItem(list, b.scalar('i32', i), b)),
    );
  const tensor = stack(list, b);
  const sizes = tensor.shape.slice(2).map(Number);
  if (!sizes.every(Number.isFinite)) throw new DecantError('unsupported', 'items of unknown shape are joined');
  return b.add(Reshape, [tensor, b.i64(-1, ...sizes)]);
};

/** The items of input 0. @throws DecantError `unsupported` when only the picture determines how many there are */
function takenApart(op: TfOp, b: Builder): ItemList {
  const list = itemsOf(op.list(0), b);
  if (list === undefined) throw new DecantError('unsupported', `${op.type} of a list of unknown length`);
  return list;
}

/** A TensorArray's list travels in its flow, which has no elements of its own. */
const flowOf = (op: TfOp): TensorList => op.list(-1);

/** Whether a vector counts up from 0, as the range over all items does. */
const isCount = ({ partialValue: contents, node }: Value): boolean => {
  const known = node.constant === undefined ? contents : Array.from(numbersOf(node.constant));
  if (known !== undefined) return known.every((index, i) => index === i);
  return is(node, Range) && node.inputs[0]!.partialValue?.[0] === 0 && node.inputs[2]!.partialValue?.[0] === 1;
};

export const list: Translators = {
  TensorListReserve: op => reserve(op.input(1), op.elementType('element_dtype'), itemShape(op.input(0))),
  EmptyTensorList: op => ({
    list: 'items',
    type: op.elementType('element_dtype'),
    itemShape: itemShape(op.input(0)),
    items: [],
  }),
  TensorListFromTensor: op => fromTensor(op.input(0)),
  TensorListGetItem: (op, b) => getItem(op.list(0), op.input(1), b),
  TensorListSetItem: (op, b) => setItem(op.list(0), op.input(1), op.input(2), b),
  TensorListStack: (op, b) => stack(op.list(0), b),
  TensorListLength: (op, b) => lengthOf(op.list(0), b),
  TensorListGather: (op, b) => b.add(Gather, [stack(op.list(0), b), op.input(1), b.scalar('i64', 0)]),
  TensorListConcatV2: (op, b) => [joined(b, op.list(0))],
  TensorListPushBack: (op, b) => addItem(op.list(0), op.input(1), b),
  TensorListPopBack: (op, b) => {
    const list = takenApart(op, b);
    const last = list.items.length - 1;
    return [resize(list, last), getItem(list, b.scalar('i32', last), b)];
  },
  TensorListResize: (op, b) => resize(takenApart(op, b), op.integer(1, 'size')),
  TensorArrayV3: op => {
    const shape = op.shape('element_shape')?.map(size => (size < 0 ? freshDim() : size));
    const list = reserve(op.input(0), op.elementType('dtype'), shape);
    return [list, list];
  },
  TensorArrayScatterV3: op => {
    if (!isCount(op.input(1))) {
      throw new DecantError('unsupported', 'a TensorArray is filled in another order than that of its items');
    }
    return fromTensor(op.input(2));
  },
  TensorArrayReadV3: (op, b) => getItem(flowOf(op), op.input(1), b),
  TensorArrayWriteV3: (op, b) => setItem(flowOf(op), op.input(1), op.input(2), b),
  TensorArrayGatherV3: (op, b) => {
    const [all, indices] = [stack(flowOf(op), b), op.input(1)];
    const isAll = isCount(indices) && dimEquals(indices.shape[0]!, all.shape[0]!);
    return isAll ? all : b.add(Gather, [all, indices, b.scalar('i64', 0)]);
  },
  TensorArraySizeV3: (op, b) => lengthOf(flowOf(op), b),
  TensorArrayConcatV3: (op, b) => [joined(b, flowOf(op))],
};
