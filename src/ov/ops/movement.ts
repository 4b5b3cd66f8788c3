import {
  type Dim,
  dimAdd,
  dimFloorDiv,
  dimMul,
  dimProduct,
  dimSub,
  freshDim,
  isStatic,
  type Shape,
} from '../../tensor/dim.ts';
import { allocate, bitsOf } from '../../tensor/element-type.ts';
import { numbersOf, sizeOf, type Tensor } from '../../tensor/tensor.ts';
import { boolean, elementType, number, numbers, word } from '../attributes.ts';
import type { StaticType, Type, Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { broadcastOffsets, generate, gridOffsets, pick } from './support/evaluate.ts';
import {
  axisOf,
  broadcastShapes,
  checkCount,
  checkIntegers,
  checkRankOf,
  knownInteger,
  knownIntegers,
  notStatic,
  shapeMismatch,
  sizesFrom,
  stridesOf,
  unifyDims,
} from './support/infer.ts';
import { permute } from './support/permute.ts';
import { autoPad } from './support/window.ts';

export const Tile = defineOp({
  type: 'Tile',
  opset: 'opset1',
  arity: 2,
  attributes: {},
  infer: ([x, repeats]) => {
    const counts = sizesFrom(repeats!);
    const rank = Math.max(counts.length, x!.shape.length);
    const shape = Array.from({ length: rank }, (_, i) =>
      dimMul(x!.shape[i - rank + x!.shape.length] ?? 1, counts[i - rank + counts.length] ?? 1),
    );
    return [{ type: x!.type, shape }];
  },
  evaluate: ([x], _attrs, [out]) => {
    const from = [...new Array<number>(out!.shape.length - x!.shape.length).fill(1), ...x!.shape];
    const offsets = generate({ type: 'i32', shape: out!.shape }, i => {
      let rest = i;
      let offset = 0;
      let stride = 1;
      for (let axis = from.length - 1; axis >= 0; axis--) {
        const size = out!.shape[axis]!;
        offset += ((rest % size) % from[axis]!) * stride;
        stride *= from[axis]!;
        rest = Math.floor(rest / size);
      }
      return offset;
    });
    return [pick(x!, numbersOf(offsets), out!.shape)];
  },
  permutesElements: 'first',
});

/** `numpy` broadcasts the data to the shape, `bidirectional` both to their common shape. Inputs: data, shape. */
export const Broadcast = defineOp({
  type: 'Broadcast',
  opset: 'opset3',
  arity: 2,
  attributes: { mode: word(['numpy', 'bidirectional'])('numpy') },
  infer: ([x, target], { mode }) => {
    const sizes = sizesFrom(target!);
    const shape = mode === 'bidirectional' ? broadcastShapes(x!.shape, sizes) : checkBroadcast(x!.shape, sizes);
    return [{ type: x!.type, shape }];
  },
  evaluate: ([x], _attrs, [out]) => [pick(x!, broadcastOffsets(x!.shape, out!.shape), out!.shape)],
  partialValue: ([x], _attrs, { shape }) => {
    const only = x!.partialValue?.length === 1 ? x!.partialValue[0]! : undefined;
    return only === undefined || !isStatic(shape) ? undefined : new Array<Dim>(sizeOf(shape)).fill(only);
  },
});

function checkBroadcast(from: Shape, target: readonly Dim[]): Shape {
  const pad = target.length - from.length;
  from.forEach((dim, i) => {
    const size = target[pad + i];
    if (size === undefined || (typeof dim === 'number' && typeof size === 'number' && dim !== 1 && dim !== size)) {
      throw shapeMismatch(`[${from.join(',')}] does not broadcast to [${target.join(',')}]`);
    }
  });
  return target;
}

/** Sizes of an input that has one element for each axis of `x`. */
function perAxis(what: string, value: Value, x: Value): readonly Dim[] {
  const sizes = sizesFrom(value);
  if (sizes.length !== x.shape.length)
    throw shapeMismatch(`${what} has ${sizes.length} elements for data of ${x.shape.length} dimensions`);
  return sizes;
}

/** Inputs: data, pads before, pads after and, for mode `constant`, the value. Negative pads crop. */
export const Pad = defineOp({
  type: 'Pad',
  opset: 'opset1',
  arity: [3, 4],
  attributes: { pad_mode: word(['constant', 'edge', 'reflect', 'symmetric'])('constant') },
  traits: { perAxis: [1, 2] },
  infer: ([x, before, after]) => {
    const begins = perAxis('pads_begin', before!, x!);
    const ends = perAxis('pads_end', after!, x!);
    const shape = x!.shape.map((dim, i) => dimAdd(dim, dimAdd(begins[i] ?? 0, ends[i] ?? 0)));
    return [{ type: x!.type, shape }];
  },
});

type Resize = (size: Dim, factor: Dim) => Dim;

const depthBlocks = (type: string, channels: Resize, spatial: Resize) =>
  defineOp({
    type,
    opset: 'opset1',
    arity: 1,
    attributes: { block_size: number(), mode: word(['blocks_first', 'depth_first'])() },
    infer: ([x], { block_size: block }) => {
      checkRankOf('the data', x!, 3, 5);
      checkCount('block_size', block, 1);
      const [n, c, ...sizes] = x!.shape;
      return [
        { type: x!.type, shape: [n!, channels(c!, block ** sizes.length), ...sizes.map(size => spatial(size, block))] },
      ];
    },
  });

export const SpaceToDepth = depthBlocks('SpaceToDepth', dimMul, dimFloorDiv);

export const DepthToSpace = depthBlocks('DepthToSpace', dimFloorDiv, dimMul);

/** Inputs: data, block shape, begins, ends; one element per axis. @param axisSize gets the sum of an axis's begin and end */
const batchBlocks = (type: string, batch: Resize, axisSize: (size: Dim, ends: Dim, block: Dim) => Dim) =>
  defineOp({
    type,
    opset: 'opset2',
    arity: 4,
    attributes: {},
    infer: ([x, block, begin, end]) => {
      const sizes = perAxis('the block shape', block!, x!);
      const begins = perAxis('the begins', begin!, x!);
      const ends = perAxis('the ends', end!, x!);
      const factor = sizes.reduce<Dim>(dimMul, 1);
      const shape = x!.shape.map((size, i) =>
        i === 0 ? batch(size, factor) : axisSize(size, dimAdd(begins[i]!, ends[i]!), sizes[i]!),
      );
      return [{ type: x!.type, shape }];
    },
  });

export const SpaceToBatch = batchBlocks('SpaceToBatch', dimMul, (size, pads, block) =>
  dimFloorDiv(dimAdd(size, pads), block),
);

export const BatchToSpace = batchBlocks('BatchToSpace', dimFloorDiv, (size, crops, block) =>
  dimSub(dimMul(size, block), crops),
);

export const ExtractImagePatches = defineOp({
  type: 'ExtractImagePatches',
  opset: 'opset3',
  arity: 1,
  attributes: { sizes: numbers(), strides: numbers(), rates: numbers(), auto_pad: autoPad() },
  infer: ([x], { sizes, strides, rates, auto_pad }) => {
    checkRankOf('the data', x!, 4);
    checkIntegers('the sizes', sizes, 2, 1);
    checkIntegers('the strides', strides, 2, 1);
    checkIntegers('the rates', rates, 2, 1);
    const spatial = x!.shape.slice(2).map((dim, i) => {
      const extent = (sizes[i]! - 1) * rates[i]! + 1;
      const room = auto_pad === 'valid' ? dimAdd(dim, strides[i]! - extent) : dimAdd(dim, strides[i]! - 1);
      return dimFloorDiv(room, strides[i]!);
    });
    return [{ type: x!.type, shape: [x!.shape[0]!, dimMul(x!.shape[1]!, sizeOf(sizes)), ...spatial] }];
  },
});

export const Concat = defineOp({
  type: 'Concat',
  opset: 'opset1',
  arity: [1, Infinity],
  attributes: { axis: number() },
  traits: { concatenates: true, axes: { attribute: 'axis' } },
  infer: (inputs, { axis }) => {
    const [first, ...others] = inputs;
    if (first === undefined) throw shapeMismatch('Concat needs at least one input');
    const along = axisOf(axis, first.shape.length);
    let shape: Shape = first.shape;
    for (const other of others) {
      if (other.shape.length !== shape.length) throw shapeMismatch('Concat of values of different ranks is not valid');
      if (other.type !== first.type) throw shapeMismatch(`Concat of ${first.type} and ${other.type} is not valid`);
      shape = shape.map((dim, i) =>
        i === along ? dimAdd(dim, other.shape[i]!) : unifyDims(dim, other.shape[i]!, () => `axis ${i} of Concat`),
      );
    }
    return [{ type: first.type, shape }];
  },
  evaluate: (inputs, { axis }, [out]) => {
    const along = axisOf(axis, out!.shape.length);
    const outer = sizeOf(out!.shape.slice(0, along));
    const data = allocate(out!.type, sizeOf(out!.shape));
    const sources = inputs.map(input => input.data);
    const blocks = inputs.map(input => sizeOf(input.shape.slice(along)));
    let to = 0;
    for (let i = 0; i < outer; i++) {
      sources.forEach((source, k) => {
        const block = blocks[k]!;
        for (let j = 0; j < block; j++) data[to++] = source[i * block + j]!;
      });
    }
    return [{ type: out!.type, shape: out!.shape, data }];
  },
  permutesElements: 'all',
});

export const Split = defineOp({
  type: 'Split',
  opset: 'opset1',
  arity: 2,
  attributes: { num_splits: number() },
  traits: { axes: { input: 1 } },
  infer: ([x, axis], { num_splits }): readonly Type[] => {
    const along = axisOf(knownInteger(axis!, 'the axis of Split'), x!.shape.length);
    checkCount('num_splits', num_splits, 1);
    const size = x!.shape[along]!;
    if (typeof size === 'number' && size % num_splits !== 0)
      throw shapeMismatch(`an axis of size ${size} does not split into ${num_splits} equal parts`);
    const part = { type: x!.type, shape: x!.shape.map((dim, i) => (i === along ? dimFloorDiv(dim, num_splits) : dim)) };
    return new Array<Type>(num_splits).fill(part);
  },
  evaluate: ([x, axis], _attrs, types) => {
    const along = axisOf(numbersOf(axis!)[0]!, x!.shape.length);
    return splitAt(x!, along, types);
  },
  permutesElements: 'first',
});

/** One length may be -1 for the rest. Inputs: data, axis, lengths. */
export const VariadicSplit = defineOp({
  type: 'VariadicSplit',
  opset: 'opset1',
  arity: 3,
  attributes: {},
  traits: { axes: { input: 1 } },
  infer: ([x, axis, lengths]): readonly Type[] => {
    checkRankOf('the input of VariadicSplit', x!, 1, Infinity);
    const along = axisOf(knownInteger(axis!, 'the axis of VariadicSplit'), x!.shape.length);
    const sizes = lengths!.partialValue ?? lengthsOf(lengths!);
    const known = sizes.filter(size => size !== -1).reduce<Dim>(dimAdd, 0);
    const rest = dimSub(x!.shape[along]!, known);
    return sizes.map(size => ({
      type: x!.type,
      shape: x!.shape.map((dim, i) => (i === along ? (size === -1 ? rest : size) : dim)),
    }));
  },
  evaluate: ([x, axis], _attrs, types) => splitAt(x!, axisOf(numbersOf(axis!)[0]!, x!.shape.length), types),
  permutesElements: 'first',
});

function lengthsOf({ shape, node }: Value): readonly Dim[] {
  const [count] = shape;
  if (shape.length !== 1 || typeof count !== 'number') throw notStatic('the number of lengths of VariadicSplit');
  checkCount('the number of lengths', count, 0);
  return node.constant === undefined ? Array.from({ length: count }, freshDim) : Array.from(numbersOf(node.constant));
}

function splitAt(x: Tensor, along: number, types: readonly StaticType[]): readonly Tensor[] {
  const strides = stridesOf(x.shape);
  let start = 0;
  return types.map(({ shape }) => {
    const offsets = gridOffsets(shape, strides, start * strides[along]!);
    start += shape[along]!;
    return pick(x, offsets, shape);
  });
}

export const Transpose = defineOp({
  type: 'Transpose',
  opset: 'opset1',
  arity: 2,
  attributes: {},
  infer: ([x, order]) => {
    const axes = knownIntegers(order!, 'the order of Transpose');
    if (axes.length !== x!.shape.length || !x!.shape.every((_, axis) => axes.includes(axis))) {
      throw shapeMismatch(`[${axes.join(',')}] is not a permutation of ${x!.shape.length} axes`);
    }
    return [{ type: x!.type, shape: axes.map(axis => x!.shape[axis]!) }];
  },
  evaluate: ([x, order]) => [permute(x!, Array.from(numbersOf(order!)))],
  permutesElements: 'first',
});

/**
 * Inputs: data and, optionally, an axis; by default the data is flattened. Outputs: unique values, the position of the
 * first occurrence of each, the index into the unique values for each element, and counts.
 */
export const Unique = defineOp({
  type: 'Unique',
  opset: 'opset10',
  arity: [1, 2],
  attributes: {
    sorted: boolean(true),
    index_element_type: elementType('i64'),
    count_element_type: elementType('i64'),
  },
  infer: ([x, axis], { index_element_type, count_element_type, sorted }) => {
    const known = axis === undefined && canCompare(x!.node.constant) ? x!.node.constant : undefined;
    const count = known === undefined ? freshDim() : distinct(known, sorted).length;
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
  evaluate: ([x], { sorted }, [values, positions, indices, counts]) => {
    const groups = distinct(x!, sorted);
    const groupOf = new Map(groups.flatMap((members, group) => members.map(member => [member, group])));
    const first = groups.map(([member]) => member!);
    return [
      pick(x!, first, values!.shape),
      generate(positions!, i => first[i]!),
      generate(indices!, i => groupOf.get(i)!),
      generate(counts!, i => groups[i]!.length),
    ];
  },
  canEvaluate: inputs => inputs.length === 1,
});

/** Whether elements are stored as numbers and can be compared; a NaN equals none. */
const canCompare = (tensor: Tensor | undefined): tensor is Tensor =>
  tensor !== undefined &&
  bitsOf(tensor.type) >= 8 &&
  !['string', 'f16', 'bf16'].includes(tensor.type) &&
  !numbersOf(tensor).some(Number.isNaN);

/** The positions of each distinct element: in order of first occurrence, or of the elements. */
function distinct({ data }: Tensor, sorted: boolean): readonly (readonly number[])[] {
  const elements = Array.from(data as ArrayLike<number | bigint>);
  const groups = new Map<number | bigint, number[]>();
  elements.forEach((element, i) => {
    const members = groups.get(element);
    if (members === undefined) groups.set(element, [i]);
    else members.push(i);
  });
  const inOrder = [...groups];
  if (sorted) inOrder.sort(([a], [b]) => (a < b ? -1 : 1));
  return inOrder.map(([, members]) => members);
}

/** Reverses the first `lengths[i]` positions of each batch item. Inputs: data, lengths. */
export const ReverseSequence = defineOp({
  type: 'ReverseSequence',
  opset: 'opset1',
  arity: 2,
  attributes: { batch_axis: number(0), seq_axis: number(1) },
  infer: ([x]) => [{ type: x!.type, shape: x!.shape }],
});

/**
 * Follows the parents of each beam from its last step to the first. Inputs: ids and parents [steps, batch, beams], numbers of
 * steps [batch], and the id that ends a beam.
 */
export const GatherTree = defineOp({
  type: 'GatherTree',
  opset: 'opset1',
  arity: 4,
  attributes: {},
  infer: ([ids, parents, steps, end]) => {
    for (const each of [ids!, parents!]) checkRankOf('the beams of GatherTree', each, 3);
    checkRankOf('the numbers of steps of GatherTree', steps!, 1);
    checkRankOf('the end of GatherTree', end!, 0);
    return [{ type: ids!.type, shape: ids!.shape }];
  },
});
