import { DecantError } from '../../errors.ts';
import { attrShape } from '../attrs.ts';
import type { TfNode } from '../model.ts';
import { keysOf, reshaped, rowsOf, type TableKey } from './merge-tables.ts';
import type { Table } from './table-from-text.ts';

/**
 * Returns the contents of a MutableDenseHashTable, which checkpoints hold as all of its buckets: keys [N, 1], values [N, 1] or
 * [N, ...] for values with a shape.
 *
 * @param free the keys that mark empty and deleted buckets
 */
export function filledBuckets(table: TfNode, { keys, values }: Table, free: ReadonlySet<TableKey>): Table {
  const [count, size] = keys.shape;
  if (keys.shape.length !== 2 || size !== 1) {
    throw new DecantError('unsupported', `the keys of table '${table.name}' are not single numbers or strings`, {
      remedy: 'Use a table whose keys are scalars.',
    });
  }
  const inner = table.attrs.has('value_shape') ? (attrShape(table, 'value_shape') ?? []) : [];
  const rows = keysOf(keys).flatMap((key, row) => (free.has(key) ? [] : [row]));
  return { keys: rowsOf(reshaped(keys, [count!]), rows), values: rowsOf(reshaped(values, [count!, ...inner]), rows) };
}
