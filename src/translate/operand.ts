import { DecantError } from '../errors.ts';
import type { Value } from '../ov/graph.ts';
import type { Shape } from '../tensor/dim.ts';
import type { ElementType } from '../tensor/element-type.ts';

/** What flows along an edge of a TensorFlow graph: a tensor, or one of TensorFlow's lists of tensors. */
export type Operand = Value | TensorList;

/** A TensorList or TensorArray. Lists never reach OpenVINO: reading and writing them picks values at conversion. */
export type TensorList = ItemList | StackedList | ReservedList | LoopList | WrittenList;

/** A list of known length; what was not written yet is undefined. */
export interface ItemList {
  readonly list: 'items';
  readonly type: ElementType;
  /** The shape of one item, as far as it is known. */
  readonly itemShape: Shape | undefined;
  readonly items: readonly (Value | undefined)[];
}

/** A list of any length: its items, stacked along a first axis. */
export interface StackedList {
  readonly list: 'stacked';
  readonly tensor: Value;
}

/** A list of a length that only the picture determines, without items yet. */
export interface ReservedList {
  readonly list: 'reserved';
  readonly type: ElementType;
  readonly itemShape: Shape | undefined;
  readonly count: Value;
}

/** A list that a loop carries, seen from its body. */
export interface LoopList {
  readonly list: 'loop';
  readonly count: Value;
  /** The item that the running turn of the loop reads. */
  read(index: Value): Value;
}

/** A list to which the running turn of a loop adds an item. */
export interface WrittenList {
  readonly list: 'written';
  readonly to: TensorList;
  readonly index: Value;
  readonly item: Value;
}

export const isList = (operand: Operand): operand is TensorList => 'list' in operand;

/** @throws DecantError `unsupported` when the operand is a list */
export function asValue(operand: Operand, what: string): Value {
  if (isList(operand)) throw new DecantError('unsupported', `${what} is a list of tensors, where a tensor is needed`);
  return operand;
}

/** @throws DecantError `malformed` when the operand is a tensor */
export function asList(operand: Operand, what: string): TensorList {
  if (!isList(operand)) throw new DecantError('malformed', `${what} is a tensor, where a list of tensors is needed`);
  return operand;
}
