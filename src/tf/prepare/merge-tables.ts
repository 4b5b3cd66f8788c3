import { DecantError } from '../../errors.ts';
import { allocate } from '../../tensor/element-type.ts';
import { packStrings, stringBytes } from '../../tensor/strings.ts';
import { sizeOf, type Tensor } from '../../tensor/tensor.ts';
import type { TfTensor } from '../model.ts';
import type { Table } from './table-from-text.ts';

export type TableKey = number | bigint | string;

/**
 * Returns a table with the contents of `start` and what is inserted, whose order is not known.
 *
 * @throws DecantError `unsupported` if two inserts have a key in common
 */
export function mergeTables(name: string, start: readonly Table[], inserted: readonly Table[]): Table {
  const [only, ...others] = [...start, ...inserted];
  if (others.length === 0) return only!;
  const places = new Map<TableKey, number>();
  let position = 0;
  for (const [from, tables] of [start, inserted].entries()) {
    for (const { keys } of tables) {
      const mine = new Set(keysOf(keys));
      for (const key of mine) {
        if (from === 1 && (places.get(key) ?? -1) >= countOf(start)) {
          throw new DecantError('unsupported', `two ops insert the key ${key} into table '${name}', in unknown order`, {
            remedy: 'Insert each key once, or fill the table from constants (tf.lookup.StaticHashTable).',
          });
        }
      }
      for (const key of keysOf(keys)) places.set(key, position++);
    }
  }
  const rows = [...places.values()];
  const all = [only!, ...others];
  return { keys: joined(all.map(({ keys }) => keys), rows), values: joined(all.map(({ values }) => values), rows) }; // prettier-ignore
}

const countOf = (tables: readonly Table[]): number => tables.reduce((sum, { keys }) => sum + keys.shape[0]!, 0);

export function keysOf(keys: TfTensor): readonly TableKey[] {
  const tensor = keys.data();
  // Latin-1 tells all bytes apart.
  if (tensor.type === 'string') return stringBytes(tensor).map(bytes => String.fromCharCode(...bytes));
  return Array.from(tensor.data as ArrayLike<number | bigint>);
}

export const rowsOf = (tensor: TfTensor, rows: readonly number[]): TfTensor => joined([tensor], rows);

export const reshaped = (tensor: TfTensor, shape: readonly number[]): TfTensor => ({
  dtype: tensor.dtype,
  shape,
  data: () => ({ type: tensor.data().type, shape, data: tensor.data().data }),
});

/** Concatenates tensors along the first axis, and takes the given rows. */
function joined(parts: readonly TfTensor[], rows: readonly number[]): TfTensor {
  const { dtype, shape } = parts[0]!;
  const inner = shape.slice(1);
  const size = sizeOf(inner);
  const made = [rows.length, ...inner];
  const tensors = (): readonly Tensor[] => parts.map(part => part.data());
  const data = (): Tensor => {
    const given = tensors();
    if (dtype === 'DT_STRING') {
      const items = given.flatMap(part => stringBytes(part));
      const taken = rows.flatMap(row => items.slice(row * size, (row + 1) * size));
      return { ...packStrings([taken.length], taken), shape: made };
    }
    const items = given.flatMap(part => Array.from(part.data as ArrayLike<number | bigint>));
    const result = allocate(given[0]!.type, rows.length * size);
    rows.forEach((row, i) => {
      for (let k = 0; k < size; k++) result[i * size + k] = items[row * size + k]!;
    });
    return { type: given[0]!.type, shape: made, data: result };
  };
  return { dtype, shape: made, data };
}
