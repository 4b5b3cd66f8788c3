import { type Dim, dimEquals, freshDim, isStatic, type Shape } from '../../tensor/dim.ts';
import { allocate } from '../../tensor/element-type.ts';
import { isDeferred, numbersOf, sizeOf, type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { boolean, elementType, text } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { broadcastOffsets } from './support/evaluate.ts';
import { broadcastShapes, sameType, stridesOf } from './support/infer.ts';

/** Ops that choose, count and order elements. */

/** Inputs: condition, value where true, value where false. */
export const Select = defineOp({
  type: 'Select',
  opset: 'opset1',
  attributes: { auto_broadcast: text('numpy') },
  infer: ([condition, a, b]) => {
    sameType(a!, b!, 'Select');
    return [{ type: a!.type, shape: broadcastShapes(broadcastShapes(condition!.shape, a!.shape), b!.shape) }];
  },
  evaluate: ([condition, a, b], _attrs, [out]) => {
    const [p, q, r] = [condition!, a!, b!].map(({ shape }) => broadcastOffsets(shape, out!.shape));
    const data = allocate(out!.type, sizeOf(out!.shape));
    for (let i = 0; i < data.length; i++) data[i] = condition!.data[p![i]!] === 0 ? b!.data[r![i]!]! : a!.data[q![i]!]!;
    return [{ ...out!, data }];
  },
  partialValue: ([condition, a, b], _attrs, type) => {
    if (![condition!, a!, b!].every(value => isStatic(value.shape)) || !isStatic(type.shape)) return undefined;
    const [c, x, y] = [condition!, a!, b!].map(({ partialValue: contents, shape }) =>
      spread(contents, shape, type.shape),
    );
    return x?.map((size, i) => {
      const [chosen, other] = [c?.[i], y?.[i]];
      if (chosen === 1 || (other !== undefined && dimEquals(size, other))) return size;
      return chosen === 0 && other !== undefined ? other : freshDim();
    });
  },
});

/** Contents of a value as those of the value broadcast to `shape`. */
const spread = (contents: readonly Dim[] | undefined, from: Shape, shape: Shape): readonly Dim[] | undefined =>
  contents === undefined || !isStatic(from) || !isStatic(shape)
    ? undefined
    : Array.from(broadcastOffsets(from, shape), offset => contents[offset]!);

/** Coordinates of the elements that are not zero, in their order: [rank, count]. */
export const NonZero = defineOp({
  type: 'NonZero',
  opset: 'opset3',
  attributes: { output_type: elementType('i64') },
  infer: ([x], { output_type }) => {
    const { shape, node } = x!;
    const count = node.constant && !isDeferred(node.constant) ? positionsOf(node.constant).length : freshDim();
    return [{ type: output_type, shape: [shape.length, count] }];
  },
  evaluate: ([x], _, [type]) => {
    const positions = positionsOf(x!);
    const strides = stridesOf(x!.shape);
    const rows = strides.map((stride, axis) => positions.map(at => Math.floor(at / stride) % x!.shape[axis]!));
    return [tensorOf(type!.type, type!.shape, rows.flat())];
  },
});

/** Where in a row of all elements those stand that are not zero. */
function positionsOf(tensor: Tensor): readonly number[] {
  const positions: number[] = [];
  for (const [at, number] of numbersOf(tensor).entries()) if (number !== 0) positions.push(at);
  return positions;
}

/** Inputs: data, sorted bounds. */
export const Bucketize = defineOp({
  type: 'Bucketize',
  opset: 'opset3',
  attributes: { output_type: elementType('i64'), with_right_bound: boolean(true) },
  infer: ([x], { output_type }) => [{ type: output_type, shape: x!.shape }],
});
