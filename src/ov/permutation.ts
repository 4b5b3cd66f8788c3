import type { Builder } from './builder.ts';
import { is, type Node, type Value } from './graph.ts';
import { Transpose } from './ops/movement.ts';
import { numbersOf } from '../tensor/tensor.ts';

/** Returns the constant order of a Transpose: `order[i]` is the axis of the input that becomes axis i. */
export function orderOf(node: Node): readonly number[] | undefined {
  if (!is(node, Transpose)) return undefined;
  const order = node.inputs[1]!.node.constant;
  return order === undefined ? undefined : Array.from(numbersOf(order));
}

export const inverseOf = (order: readonly number[]): readonly number[] => {
  const inverse = new Array<number>(order.length);
  order.forEach((axis, i) => (inverse[axis] = i));
  return inverse;
};

export const isIdentity = (order: readonly number[]): boolean => order.every((axis, i) => axis === i);

export const sameOrder = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((axis, i) => axis === b[i]);

export function permuted(b: Builder, x: Value, order: readonly number[]): Value {
  const inner = orderOf(x.node);
  if (inner === undefined) return isIdentity(order) ? x : b.add(Transpose, [x, b.i64(...order)]);
  const merged = order.map(axis => inner[axis]!);
  return permuted(b, x.node.inputs[0]!, merged);
}

export function movesOnlyOnes(shape: Value['shape'], order: readonly number[]): boolean {
  const large = order.filter(axis => shape[axis] !== 1);
  return large.every((axis, i) => i === 0 || large[i - 1]! < axis);
}
