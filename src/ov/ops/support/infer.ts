import { DecantError } from '../../../errors.ts';
import { normalizeAxis } from '../../../tensor/axis.ts';
import { checkRank, type Dim, dimBroadcast, formatShape, freshDim, isStatic, type Shape } from '../../../tensor/dim.ts';
import { numbersOf, sizeOf } from '../../../tensor/tensor.ts';
import type { Type, Value } from '../../graph.ts';

/** Most outputs, block sizes, ... of an op. Each may take memory before it can be compared with the shapes. */
const MAX_COUNT = 2 ** 16;

export const shapeMismatch = (message: string): DecantError => new DecantError('malformed', message);

export const notStatic = (what: string): DecantError =>
  new DecantError('unsupported', `${what} must be known at conversion`, {
    remedy:
      'If it depends on the sizes of an input, fix these with --input-shape; else make it a constant of the model.',
  });

export function axisOf(axis: number, rank: number): number {
  const positive = normalizeAxis(axis, rank);
  if (!Number.isInteger(axis) || positive < 0 || positive >= Math.max(rank, 1)) {
    throw shapeMismatch(`axis ${axis} is out of range for rank ${rank}`);
  }
  return positive;
}

/** @throws DecantError `malformed` if `value` does not have `least` to `most` dimensions */
export function checkRankOf(what: string, { shape }: Value, least: number, most = least): void {
  if (shape.length >= least && shape.length <= most) return;
  const needed = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  throw shapeMismatch(`${what} must have ${needed} dimensions, not ${shape.length}`);
}

/** @throws DecantError `malformed` if the list has another length, or a number that is no integer of at least `least` */
export function checkIntegers(what: string, list: readonly number[], length: number, least: number): void {
  if (list.length !== length) throw shapeMismatch(`${what} must have ${length} elements, not ${list.length}`);
  const wrong = list.find(value => !Number.isSafeInteger(value) || value < least);
  if (wrong !== undefined) throw shapeMismatch(`${what} must be integers of at least ${least}, not ${wrong}`);
}

/** @throws DecantError `malformed` if `value` is not an integer of at least `least`, `limit` if it is absurdly large */
export function checkCount(what: string, value: number, least: number): void {
  checkIntegers(what, [value], 1, least);
  if (value > MAX_COUNT) throw new DecantError('limit', `${what} is ${value}, more than ${MAX_COUNT}`);
}

export const axesOf = (axes: readonly number[], rank: number): readonly number[] =>
  axes.map(axis => axisOf(axis, rank));

export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i): Dim => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    const both = dimBroadcast(left, right);
    if (both === undefined) throw shapeMismatch(`${formatShape(a)} and ${formatShape(b)} do not broadcast`);
    return both;
  });
}

export function unifyDims(a: Dim, b: Dim, describe: () => string): Dim {
  if (typeof a === 'number' && typeof b === 'number' && a !== b) throw shapeMismatch(`${describe()}: ${a} is not ${b}`);
  return typeof a === 'number' ? a : b;
}

export const sameAs =
  (index: number) =>
  (inputs: readonly Value[]): readonly Type[] => [{ type: inputs[index]!.type, shape: inputs[index]!.shape }];

export function sizesFrom(value: Value): readonly Dim[] {
  if (value.partialValue !== undefined) return value.partialValue;
  if (value.shape.length !== 1) throw shapeMismatch(`a shape must be a vector, got ${value.shape.length} dimensions`);
  const rank = value.shape[0]!;
  if (typeof rank !== 'number') throw notStatic('the length of a shape');
  checkRank('a shape', rank);
  return Array.from({ length: rank }, freshDim);
}

export function knownIntegers(value: Value, what: string): readonly number[] {
  if (value.node.constant !== undefined) {
    checkRank(what, sizeOf(value.node.constant.shape));
    return Array.from(numbersOf(value.node.constant));
  }
  if (value.partialValue !== undefined && isStatic(value.partialValue)) return value.partialValue;
  throw notStatic(what);
}

export const knownInteger = (value: Value, what: string): number => {
  const [only, ...rest] = knownIntegers(value, what);
  if (only === undefined || rest.length > 0) throw shapeMismatch(`${what} must be a single number`);
  return only;
};

export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

export const sameType = (a: Value, b: Value, op: string): void => {
  if (a.type !== b.type) throw shapeMismatch(`${op} needs inputs of the same type, got ${a.type} and ${b.type}`);
};
