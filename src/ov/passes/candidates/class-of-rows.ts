import { normalizeAxis } from '../../../tensor/axis.ts';
import { is, type Value } from '../../graph.ts';
import { Gather } from '../../ops/gather.ts';
import { Concat } from '../../ops/movement.ts';
import { Unsqueeze } from '../../ops/shape.ts';
import { axisInput, knownNumbers, scalarOf } from './meaning-rule.ts';

/**
 * Returns how a value numbers the classes of the rows that an NMS selects, as a text; undefined if it does not. The numbers
 * must be in the order of the classes, in which the NMS selects rows.
 */
export function numberingOf(value: Value, selected: Value, classColumn: number): string | undefined {
  const { node } = value;
  if (!is(node, Gather)) return undefined;
  const [data, indices] = node.inputs as readonly [Value, Value];
  const numbers = knownNumbers(data);
  if (numbers !== undefined && data.shape.length === 1 && axisInput(node, 2, 1) === 0) {
    const areAscending = numbers.every((number, i) => i === 0 || number > numbers[i - 1]!);
    const inner = areAscending ? numberingOf(indices, selected, classColumn) : undefined;
    return inner === undefined ? undefined : `${inner}/${numbers.join(',')}`;
  }
  if (scalarOf(indices) !== classColumn || indices.shape.length > 0 || axisInput(node, 2, 2) !== 1) return undefined;
  if (data === selected) return '';
  const column = columnOf(data, classColumn);
  return column === undefined ? undefined : numberingOf(column, selected, classColumn);
}

/** A column of vectors that are joined as columns. */
function columnOf({ node }: Value, column: number): Value | undefined {
  if (!is(node, Concat) || normalizeAxis(node.attrs.axis, 2) !== 1) return undefined;
  if (node.inputs.some(({ shape }) => shape.length !== 2 || shape[1] !== 1)) return undefined;
  const joined = node.inputs[column]?.node;
  return joined !== undefined && is(joined, Unsqueeze) ? joined.inputs[0] : undefined;
}
