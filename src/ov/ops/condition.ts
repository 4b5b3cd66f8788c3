import { type Dim, dimEquals, freshDim, isStatic, type Shape } from '../../tensor/dim.ts';
import { allocate } from '../../tensor/element-type.ts';
import { isDeferred, numbersOf, sizeOf, type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { boolean, elementType, text } from '../attributes.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { broadcastOffsets } from './support/evaluate.ts';
import { broadcastShapes, sameType, stridesOf } from './support/infer.ts';

export const Select = defineOp({
  type: 'Select',
  opset: 'opset1',
  arity: 3,
  attributes: { auto_broadcast: text('numpy') },
  traits: { elementwise: true, broadcast: 'common' },
  infer: ([condition, a, b]) => {
    sameType(a!, b!, 'Select');
    return [{ type: a!.type, shape: broadcastShapes(broadcastShapes(condition!.shape, a!.shape), b!.shape) }];
  },
  evaluate: ([condition, a, b], _attrs, [out]) => {
    const conditionAt = broadcastOffsets(condition!.shape, out!.shape);
    const aAt = broadcastOffsets(a!.shape, out!.shape);
    const bAt = broadcastOffsets(b!.shape, out!.shape);
    const data = allocate(out!.type, sizeOf(out!.shape));
    for (let i = 0; i < data.length; i++) {
      data[i] = condition!.data[conditionAt[i]!] === 0 ? b!.data[bAt[i]!]! : a!.data[aAt[i]!]!;
    }
    return [{ ...out!, data }];
  },
  partialValue: ([condition, a, b], _attrs, type) => {
    if (![condition!, a!, b!].every(value => isStatic(value.shape)) || !isStatic(type.shape)) return undefined;
    const conditions = broadcastPartialValue(condition!, type.shape);
    const others = broadcastPartialValue(b!, type.shape);
    return broadcastPartialValue(a!, type.shape)?.map((size, i) => {
      const chosen = conditions?.[i];
      const other = others?.[i];
      if (chosen === 1 || (other !== undefined && dimEquals(size, other))) return size;
      return chosen === 0 && other !== undefined ? other : freshDim();
    });
  },
});

const broadcastPartialValue = ({ partialValue, shape: from }: Value, shape: Shape): readonly Dim[] | undefined =>
  partialValue === undefined || !isStatic(from) || !isStatic(shape)
    ? undefined
    : Array.from(broadcastOffsets(from, shape), offset => partialValue[offset]!);

/** Coordinates of the nonzero elements, in row-major order: [rank, count]. */
export const NonZero = defineOp({
  type: 'NonZero',
  opset: 'opset3',
  arity: 1,
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

function positionsOf(tensor: Tensor): readonly number[] {
  const positions: number[] = [];
  for (const [at, number] of numbersOf(tensor).entries()) if (number !== 0) positions.push(at);
  return positions;
}

export const Bucketize = defineOp({
  type: 'Bucketize',
  opset: 'opset3',
  arity: 2,
  attributes: { output_type: elementType('i64'), with_right_bound: boolean(true) },
  traits: { elementwise: true },
  infer: ([x], { output_type }) => [{ type: output_type, shape: x!.shape }],
});
