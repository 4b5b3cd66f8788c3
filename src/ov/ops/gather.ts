import type { Shape } from '../../tensor/dim.ts';
import { numbersOf, sizeOf, type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { number, word } from '../attributes.ts';
import type { StaticType } from '../graph.ts';
import { defineOp } from '../op.ts';
import { gridOffsets, pick } from './support/evaluate.ts';
import { axisOf, checkRankOf, knownInteger, shapeMismatch, sameAs, stridesOf, notStatic } from './support/infer.ts';

export const Gather = defineOp({
  type: 'Gather',
  opset: 'opset8',
  arity: 3,
  attributes: { batch_dims: number(0) },
  infer: ([x, indices, axis], { batch_dims }) => {
    const along = axisOf(knownInteger(axis!, 'the axis of Gather'), x!.shape.length);
    checkBatchDims('Gather', batch_dims, -indices!.shape.length, Math.min(along, indices!.shape.length));
    const batch = batch_dims < 0 ? batch_dims + indices!.shape.length : batch_dims;
    const shape = [...x!.shape.slice(0, along), ...indices!.shape.slice(batch), ...x!.shape.slice(along + 1)];
    return [{ type: x!.type, shape }];
  },
  evaluate: ([x, indices, axis], _attrs, [out]) => {
    const along = axisOf(numbersOf(axis!)[0]!, x!.shape.length);
    const strides = stridesOf(x!.shape);
    const before = gridOffsets(x!.shape.slice(0, along), strides.slice(0, along), 0);
    const after = gridOffsets(x!.shape.slice(along + 1), strides.slice(along + 1), 0);
    const size = x!.shape[along]!;
    const places = Array.from(numbersOf(indices!), index => normalizeIndex(size, index));
    const offsets = new Int32Array(sizeOf(out!.shape));
    let to = 0;
    for (const start of before) {
      for (const place of places) {
        for (const rest of after) offsets[to++] = start + place * strides[along]! + rest;
      }
    }
    return [pick(x!, offsets, out!.shape)];
  },
  canEvaluate: (_inputs, { batch_dims }) => batch_dims === 0,
  permutesElements: 'first',
});

/** Data and indices have the same rank, and an index replaces the coordinate along `axis`. */
export const GatherElements = defineOp({
  type: 'GatherElements',
  opset: 'opset6',
  arity: 2,
  attributes: { axis: number() },
  infer: ([x, indices], { axis }) => {
    axisOf(axis, x!.shape.length);
    checkRankOf('the indices of GatherElements', indices!, x!.shape.length);
    return [{ type: x!.type, shape: indices!.shape }];
  },
});

/** Indices [..., K] are the first K coordinates. */
export const GatherND = defineOp({
  type: 'GatherND',
  opset: 'opset8',
  arity: 2,
  attributes: { batch_dims: number(0) },
  infer: ([x, indices], { batch_dims }) => {
    const depth = indices!.shape[indices!.shape.length - 1];
    checkRankOf('the indices of GatherND', indices!, 1, Infinity);
    checkBatchDims('GatherND', batch_dims, 0, Math.min(indices!.shape.length - 1, x!.shape.length));
    if (typeof depth !== 'number') throw notStatic('the number of coordinates of GatherND');
    if (batch_dims + depth > x!.shape.length)
      throw shapeMismatch(`${depth} coordinates are too many for data of ${x!.shape.length} dimensions`);
    const shape: Shape = [...indices!.shape.slice(0, -1), ...x!.shape.slice(batch_dims + depth)];
    return [{ type: x!.type, shape }];
  },
  evaluate: ([x, indices], _attrs, [out]) => {
    const depth = indices!.shape[indices!.shape.length - 1]!;
    const strides = stridesOf(x!.shape);
    const rest = gridOffsets(x!.shape.slice(depth), strides.slice(depth), 0);
    const coordinates = numbersOf(indices!);
    const offsets = new Int32Array(sizeOf(out!.shape));
    let to = 0;
    for (let i = 0; i < coordinates.length; i += depth) {
      let start = 0;
      for (let k = 0; k < depth; k++) start += normalizeIndex(x!.shape[k]!, coordinates[i + k]!) * strides[k]!;
      for (const offset of rest) offsets[to++] = start + offset;
    }
    return [pick(x!, offsets, out!.shape)];
  },
  canEvaluate: (_inputs, { batch_dims }) => batch_dims === 0,
});

function checkBatchDims(op: string, batchDims: number, least: number, most: number): void {
  if (!Number.isInteger(batchDims) || batchDims < least || batchDims > most)
    throw shapeMismatch(`batch_dims ${batchDims} of ${op} is not between ${least} and ${most}`);
}

function normalizeIndex(size: number, index: number): number {
  const place = index < 0 ? index + size : index;
  if (!(place >= 0 && place < size))
    throw shapeMismatch(`position ${index} is out of range for an axis of size ${size}`);
  return place;
}

const reduction = word(['none', 'sum', 'prod', 'min', 'max', 'mean', 'sub']);

type Combine = (old: number, update: number) => number;

/** Mean, which needs the number of updates of each element, is not folded. */
const COMBINE: Readonly<Record<string, Combine>> = {
  none: (_old, update) => update,
  sum: (old, update) => old + update,
  sub: (old, update) => old - update,
  prod: (old, update) => old * update,
  min: Math.min,
  max: Math.max,
};

function scatter([x, indices, updates]: readonly Tensor[], combine: Combine, out: StaticType): Tensor {
  const depth = indices!.shape[indices!.shape.length - 1]!;
  const strides = stridesOf(x!.shape);
  const block = sizeOf(x!.shape.slice(depth));
  const coordinates = numbersOf(indices!);
  const changes = numbersOf(updates!);
  const numbers = Float64Array.from(numbersOf(x!));
  for (let i = 0; i < sizeOf(indices!.shape.slice(0, -1)); i++) {
    let start = 0;
    for (let k = 0; k < depth; k++) start += normalizeIndex(x!.shape[k]!, coordinates[i * depth + k]!) * strides[k]!;
    for (let j = 0; j < block; j++) numbers[start + j] = combine(numbers[start + j]!, changes[i * block + j]!);
  }
  return tensorOf(out.type, out.shape, numbers);
}

export const ScatterNDUpdate = defineOp({
  type: 'ScatterNDUpdate',
  opset: 'opset4',
  arity: 3,
  attributes: {},
  infer: sameAs(0),
  evaluate: (inputs, _attrs, [out]) => [scatter(inputs, COMBINE['none']!, out!)],
});

/** ScatterNDUpdate that combines updates with the data. Newer, so the plain form is used wherever it suffices. */
export const ScatterNDReduce = defineOp({
  type: 'ScatterNDUpdate',
  opset: 'opset15',
  arity: 3,
  attributes: { reduction: reduction('none') },
  infer: sameAs(0),
  evaluate: (inputs, attrs, [out]) => [scatter(inputs, COMBINE[attrs.reduction]!, out!)],
  canEvaluate: (_inputs, attrs) => Object.hasOwn(COMBINE, attrs.reduction),
});

/** Indices of any rank along an axis. OpenVINO folds constants whose last axis has size 1 wrongly, so none are left to it. */
export const ScatterUpdate = defineOp({
  type: 'ScatterUpdate',
  opset: 'opset3',
  arity: 4,
  attributes: {},
  infer: sameAs(0),
  evaluate: ([x, indices, updates, axis], _attrs, [out]) => {
    const along = axisOf(numbersOf(axis!)[0]!, x!.shape.length);
    const size = x!.shape[along]!;
    const block = sizeOf(x!.shape.slice(along + 1));
    const places = Array.from(numbersOf(indices!), index => normalizeIndex(size, index));
    const changes = numbersOf(updates!);
    const numbers = Float64Array.from(numbersOf(x!));
    let from = 0;
    for (let before = 0; before < sizeOf(x!.shape.slice(0, along)); before++) {
      for (const place of places) {
        const to = (before * size + place) * block;
        for (let j = 0; j < block; j++) numbers[to + j] = changes[from++]!;
      }
    }
    return [tensorOf(out!.type, out!.shape, numbers)];
  },
});

export const ScatterElementsUpdate = defineOp({
  type: 'ScatterElementsUpdate',
  opset: 'opset12',
  arity: 4,
  attributes: { reduction: reduction('none'), use_init_val: word(['true', 'false'])('true') },
  infer: sameAs(0),
});
