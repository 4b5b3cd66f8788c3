import { normalizeAxis } from '../../../tensor/axis.ts';
import { isStatic } from '../../../tensor/dim.ts';
import { numbersOf } from '../../../tensor/tensor.ts';
import { constantOf, type Node, type Value } from '../../graph.ts';
import type { Meaning, RowList, RowsMeaning } from './row-list.ts';

/** What a rule knows of the inputs of a node, and what it requires for its answer to be right. */
export interface RowContext {
  readonly of: (value: Value) => Meaning;
  /** Whether a value is the number that tells the class of each selected row. All values of one graph must be the same. */
  readonly isClass: (value: Value) => boolean;
  /** Lists are compared by identity. There is no table if the NMS may select more rows per class. */
  readonly table: (classes: number, perClass: number) => RowList | undefined;
  readonly first: (of: RowList, count: number) => RowList | undefined;
  readonly falsehood: Value;
  /** The answer is right only if at least `rows` rows pass all filters. */
  readonly requireRows: (rows: number) => void;
  /** The answer is right only if `condition`, a value with a row per row of a list, is true for all rows. */
  readonly requireTrue: (condition: Value) => void;
}

/** Returns what the outputs of a node are, one or all of them, or `undefined` if the rule does not apply. */
export type MeaningRule = (node: Node, context: RowContext) => Meaning | readonly Meaning[] | undefined;

export const rows = (list: RowList, axes: 1 | 2 = 1, more: Partial<RowsMeaning> = {}): RowsMeaning => ({
  kind: 'rows',
  list,
  axes,
  ...more,
});

export const plainValue = (meaning: Meaning | undefined): Value | undefined =>
  meaning?.kind === 'plain' ? meaning.value : undefined;

/** Elements of a constant that is a vector, or no longer than one. */
export function knownNumbers(value: Value | undefined): readonly number[] | undefined {
  if (value?.partialValue !== undefined && isStatic(value.partialValue)) return value.partialValue;
  const constant = value === undefined ? undefined : constantOf(value);
  return constant === undefined || constant.data.length > SMALL ? undefined : Array.from(numbersOf(constant));
}

/** More elements than rows of a detector. */
const SMALL = 1 << 12;

export function scalarOf(value: Value | undefined): number | undefined {
  const numbers = knownNumbers(value);
  return numbers?.length === 1 ? numbers[0] : undefined;
}

/** Whether the elements of a constant are 0, 1, 2, ... up to `length`. */
export function isCounting(value: Value, length: number): boolean {
  const numbers = knownNumbers(value);
  return numbers?.length === length && numbers.every((number, i) => number === i);
}

/** The axis that an input of a node is, for data of a rank. */
export function axisInput(node: Node, input: number, rank: number): number | undefined {
  const axis = scalarOf(node.inputs[input]);
  return axis === undefined ? undefined : normalizeAxis(axis, rank);
}
