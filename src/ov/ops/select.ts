import {
  type Dim,
  dimCeilDiv,
  dimEquals,
  dimProduct,
  dimSub,
  freshDim,
  isStatic,
  type Shape,
} from '../../tensor/dim.ts';
import { allocate } from '../../tensor/element-type.ts';
import { isDeferred, numbersOf, sizeOf, type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { boolean, elementType, number, text, word } from '../attributes.ts';
import { defineOp } from '../op.ts';
import { broadcastOffsets, generate } from './kernels.ts';
import { axisOf, broadcastShapes, knownInteger, sameType, stridesOf } from './rules.ts';

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
  contents: ([condition, a, b], _attrs, type) => {
    if (![condition!, a!, b!].every(value => isStatic(value.shape)) || !isStatic(type.shape)) return undefined;
    const [c, x, y] = [condition!, a!, b!].map(({ contents, shape }) => spread(contents, shape, type.shape));
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

/** Inputs: start, stop, step, as scalars. */
export const Range = defineOp({
  type: 'Range',
  opset: 'opset4',
  attributes: { output_type: elementType() },
  infer: ([start, stop, step], { output_type }) => {
    const [from, to, by] = [start!, stop!, step!].map(value => scalarSize(value.contents, value.node.constant));
    const known = from !== undefined && to !== undefined && typeof by === 'number' && by !== 0;
    if (!known) return [{ type: output_type, shape: [freshDim()] }];
    if (typeof from === 'number' && typeof to === 'number') {
      return [{ type: output_type, shape: [Math.max(0, Math.ceil((to - from) / by))] }];
    }
    const count = by > 0 ? dimCeilDiv(dimSub(to, from), by) : dimCeilDiv(dimSub(from, to), -by);
    return [{ type: output_type, shape: [count] }];
  },
  evaluate: ([start, , step], _attrs, [out]) => {
    const [from, by] = [numbersOf(start!)[0]!, numbersOf(step!)[0]!];
    return [generate(out!, i => from + i * by)];
  },
});

const scalarSize = (contents: readonly Dim[] | undefined, constant: Parameters<typeof numbersOf>[0] | undefined) =>
  contents?.[0] ?? (constant === undefined ? undefined : numbersOf(constant)[0]);

/** Outputs: the k largest (or smallest) along `axis`, and their positions. Inputs: data, k. */
export const TopK = defineOp({
  type: 'TopK',
  opset: 'opset11',
  attributes: {
    axis: number(),
    mode: word(['max', 'min'])('max'),
    sort: word(['value', 'index', 'none'])('value'),
    index_element_type: elementType('i32'),
    stable: boolean(false),
  },
  infer: ([x, k], { axis, index_element_type }) => {
    const along = axisOf(axis, x!.shape.length);
    const count = k!.contents?.[0] ?? freshDim();
    const shape = x!.shape.map((dim, i) => (i === along ? count : dim));
    return [
      { type: x!.type, shape },
      { type: index_element_type, shape },
    ];
  },
});

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

/**
 * Inputs: data and, optionally, an axis; without one the data is taken as a vector. Outputs: values, first positions,
 * position in values of each, counts.
 */
export const Unique = defineOp({
  type: 'Unique',
  opset: 'opset10',
  attributes: {
    sorted: boolean(true),
    index_element_type: elementType('i64'),
    count_element_type: elementType('i64'),
  },
  infer: ([x, axis], { index_element_type, count_element_type }) => {
    const count = freshDim();
    const along = axis === undefined ? undefined : axisOf(knownInteger(axis, 'the axis of Unique'), x!.shape.length);
    const values = along === undefined ? [count] : x!.shape.map((dim, i) => (i === along ? count : dim));
    const positions = along === undefined ? dimProduct(x!.shape) : x!.shape[along]!;
    return [
      { type: x!.type, shape: values },
      { type: index_element_type, shape: [count] },
      { type: index_element_type, shape: [positions] },
      { type: count_element_type, shape: [count] },
    ];
  },
});

/** Inputs: indices, depth, on value, off value. */
export const OneHot = defineOp({
  type: 'OneHot',
  opset: 'opset1',
  attributes: { axis: number() },
  infer: ([indices, depth, on], { axis }) => {
    const count = depth!.contents?.[0] ?? freshDim();
    const at = axisOf(axis, indices!.shape.length + 1);
    return [{ type: on!.type, shape: [...indices!.shape.slice(0, at), count, ...indices!.shape.slice(at)] }];
  },
});

/** Inputs: data, sorted bounds. */
export const Bucketize = defineOp({
  type: 'Bucketize',
  opset: 'opset3',
  attributes: { output_type: elementType('i64'), with_right_bound: boolean(true) },
  infer: ([x], { output_type }) => [{ type: output_type, shape: x!.shape }],
});

/** Inputs: data, lengths. */
export const ReverseSequence = defineOp({
  type: 'ReverseSequence',
  opset: 'opset1',
  attributes: { batch_axis: number(0), seq_axis: number(1) },
  infer: ([x]) => [{ type: x!.type, shape: x!.shape }],
});
