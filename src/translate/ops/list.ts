import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import { is, type Value } from '../../ov/graph.ts';
import { Gather, ScatterUpdate } from '../../ov/ops/gather.ts';
import { Reshape } from '../../ov/ops/shape.ts';
import { Range } from '../../ov/ops/generation.ts';
import { concat } from '../../ov/shorthand.ts';
import { dimEquals, freshDim, type Shape } from '../../tensor/dim.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import {
  addItem,
  fromTensor,
  getItem,
  itemsOf,
  lengthOf,
  reserve,
  resize,
  setItem,
  stack,
} from '../control/tensor-lists.ts';
import type { ItemList, TensorList } from '../operand.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators } from '../translator.ts';

/** Reads the shape of an item from a vector of sizes, -1 if unknown; a scalar means an unknown rank. */
function itemShape(sizes: Value): Shape | undefined {
  if (sizes.shape.length === 0 || sizes.partialValue === undefined) return undefined;
  return sizes.partialValue.map(size => (size === -1 ? freshDim() : size));
}

const concatenated = (b: Builder, list: TensorList): Value => {
  if (list.list === 'items') {
    return concat(
      b,
      0,
      list.items.map((_, i) => getItem(list, b.scalar('i32', i), b)),
    );
  }
  const tensor = stack(list, b);
  const sizes = tensor.shape.slice(2).map(Number);
  if (!sizes.every(Number.isFinite)) {
    throw new DecantError('unsupported', 'concatenating tensor list items of unknown shape is not supported', {
      remedy: 'If the shape depends on the input size, fix the size with --input-shape.',
    });
  }
  return b.add(Reshape, [tensor, b.i64(-1, ...sizes)]);
};

function separateItems(op: TfOp, b: Builder): ItemList {
  const list = itemsOf(op.list(0), b);
  if (list === undefined)
    throw new DecantError('unsupported', `${op.type} on a tensor list of unknown or large length is not supported`, {
      remedy: 'Fix the sizes that the length depends on with --input-shape.',
    });
  return list;
}

/** The list of a TensorArray is represented by its last input, the flow, which carries no data. */
const flowOf = (op: TfOp): TensorList => op.list(-1);

/** Whether the TensorArray of a handle has a dynamic size. */
const growsOf = (handle: TensorList): boolean => 'grows' in handle && handle.grows;

const isRangeFromZero = ({ partialValue, node }: Value): boolean => {
  const known = node.constant === undefined ? partialValue : Array.from(numbersOf(node.constant));
  if (known !== undefined) return known.every((index, i) => index === i);
  return is(node, Range) && node.inputs[0]!.partialValue?.[0] === 0 && node.inputs[2]!.partialValue?.[0] === 1;
};

/**
 * Stands for any Optional. TensorFlow adds Optionals to the results of branches for gradients; nothing in an inference graph
 * reads them, and the ops that would are not supported.
 */
const OPTIONAL: TensorList = { list: 'items', type: 'boolean', itemShape: [], items: [] };

export const list: Translators = {
  OptionalFromValue: () => [OPTIONAL],
  OptionalNone: () => [OPTIONAL],
  TensorListReserve: op => reserve(op.input(1), op.elementType('element_dtype'), itemShape(op.input(0))),
  EmptyTensorList: op => ({
    list: 'items',
    type: op.elementType('element_dtype'),
    itemShape: itemShape(op.input(0)),
    items: [],
  }),
  TensorListFromTensor: op => fromTensor(op.input(0)),
  TensorListGetItem: (op, b) => getItem(op.list(0), op.input(1), b),
  TensorListSetItem: (op, b) =>
    setItem(op.list(0), op.input(1), op.input(2), op.bool('resize_if_index_out_of_bounds', false), b),
  TensorListStack: (op, b) => stack(op.list(0), b),
  TensorListLength: (op, b) => lengthOf(op.list(0), b),
  TensorListGather: (op, b) => b.add(Gather, [stack(op.list(0), b), op.input(1), b.scalar('i64', 0)]),
  TensorListConcatV2: (op, b) => [concatenated(b, op.list(0))],
  TensorListPushBack: (op, b) => addItem(op.list(0), op.input(1), b),
  TensorListPopBack: (op, b) => {
    const list = separateItems(op, b);
    const last = list.items.length - 1;
    return [resize(list, last), getItem(list, b.scalar('i32', last), b)];
  },
  TensorListResize: (op, b) => resize(separateItems(op, b), op.integer(1, 'size')),
  TensorArrayV3: op => {
    const shape = op.shape('element_shape')?.map(size => (size < 0 ? freshDim() : size));
    const list = reserve(op.input(0), op.elementType('dtype'), shape, op.bool('dynamic_size', false));
    return [list, list];
  },
  TensorArrayScatterV3: (op, b) => {
    const indices = op.input(1);
    const value = op.input(2);
    if (isRangeFromZero(indices)) return fromTensor(value);
    if (growsOf(op.list(0))) {
      throw new DecantError(
        'unsupported',
        'TensorArrayScatterV3 to a growing array, with indices other than 0, 1, 2, ..., is not supported',
        { remedy: 'Write the items in order in the model, or give the TensorArray its size.' },
      );
    }
    const tensor = stack(flowOf(op), b, value.shape.slice(1));
    return fromTensor(b.add(ScatterUpdate, [tensor, indices, value, b.scalar('i64', 0)]));
  },
  TensorArrayReadV3: (op, b) => getItem(flowOf(op), op.input(1), b),
  TensorArrayWriteV3: (op, b) => setItem(flowOf(op), op.input(1), op.input(2), growsOf(op.list(0)), b),
  TensorArrayGatherV3: (op, b) => {
    const all = stack(flowOf(op), b);
    const indices = op.input(1);
    const isAll = isRangeFromZero(indices) && dimEquals(indices.shape[0]!, all.shape[0]!);
    return isAll ? all : b.add(Gather, [all, indices, b.scalar('i64', 0)]);
  },
  TensorArraySizeV3: (op, b) => lengthOf(flowOf(op), b),
  TensorArrayConcatV3: (op, b) => [concatenated(b, flowOf(op))],
};
