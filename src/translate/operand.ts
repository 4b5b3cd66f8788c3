import { DecantError } from '../errors.ts';
import type { Value } from '../ov/graph.ts';
import type { Shape } from '../tensor/dim.ts';
import type { ElementType } from '../tensor/element-type.ts';

/** A value on an edge of a TensorFlow graph: a tensor, a tensor of complex numbers, or a tensor list. */
export type Operand = Value | ComplexValue | TensorList;

/** A tensor of complex numbers, which OpenVINO does not have, as two tensors of the same type and shape. */
export interface ComplexValue {
  readonly real: Value;
  readonly imaginary: Value;
}

/**
 * A TensorList (TensorFlow 2) or TensorArray (TensorFlow 1). OpenVINO has neither: conversion replaces them by tensors. A
 * list that `grows` is extended by a write past its end.
 */
export type TensorList = ItemList | StackedList | ReservedList | LoopList | WrittenList;

/** A list of known length; items that were not written yet are undefined. */
export interface ItemList {
  readonly list: 'items';
  readonly type: ElementType;
  readonly itemShape: Shape | undefined;
  readonly items: readonly (Value | undefined)[];
  readonly grows?: boolean;
}

export interface StackedList {
  readonly list: 'stacked';
  readonly tensor: Value;
}

/** An unwritten list whose length is known only at inference. */
export interface ReservedList {
  readonly list: 'reserved';
  readonly type: ElementType;
  readonly itemShape: Shape | undefined;
  readonly count: Value;
  readonly grows?: boolean;
}

export interface LoopList {
  readonly list: 'loop';
  readonly count: Value;
  readonly grows?: boolean;
  read(index: Value): Value;
}

export interface WrittenList {
  readonly list: 'written';
  readonly to: TensorList;
  readonly index: Value;
  readonly item: Value;
  readonly grows: boolean;
}

export const isList = (operand: Operand): operand is TensorList => 'list' in operand;

export const isTensor = (operand: Operand): operand is Value => 'node' in operand;

export const isComplex = (operand: Operand): operand is ComplexValue => 'imaginary' in operand;

export function asValue(operand: Operand, what: string): Value {
  if (isComplex(operand)) {
    throw new DecantError('unsupported', `${what} is complex, but must be real`, {
      remedy: 'Compute with tf.math.real, tf.math.imag or tf.abs of it instead.',
    });
  }
  if (isList(operand))
    throw new DecantError('unsupported', `${what} is a tensor list, but must be a tensor`, {
      remedy: 'Stack the list in the model: tf.TensorArray.stack().',
    });
  return operand;
}

export function asList(operand: Operand, what: string): TensorList {
  if (isComplex(operand) || !isList(operand))
    throw new DecantError('malformed', `${what} is a tensor, but must be a tensor list`);
  return operand;
}
