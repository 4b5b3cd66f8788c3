import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Equal } from '../../ov/ops/comparison.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { ReduceMax } from '../../ov/ops/reduction.ts';
import { Select } from '../../ov/ops/condition.ts';
import { concat, convert, reshape, unsqueeze } from '../../ov/shorthand.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { numbersOf, tensorOf, vector } from '../../tensor/tensor.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';

/** Hash tables, with their keys and values as the first two inputs of the ops that look into them. */

/** Every key is compared with every query: beyond this a table is a dictionary of words, which no detector looks up. */
const MOST_KEYS = 2 ** 16;

/** Inputs: keys [K], values [K], queries of any shape, the value for what is no key. */
const find: Translator = (op, b) => {
  const [keys, values, query, fallback] = [op.input(0), op.input(1), op.input(2), op.input(3)];
  if (values.type === 'string')
    throw new DecantError('unsupported', `${op.type} gives texts, which devices cannot handle`);
  const choices = concat(b, 0, [reshape(b, fallback, 1), values]);
  const places = keys.type === 'string' ? placesOfTexts(op, b) : placesOfNumbers(b, query, keys);
  return b.add(Gather, [choices, places, b.scalar('i64', 0)]);
};

/** The number of the key that each query is, from 1 on; 0 for what is none. */
function placesOfNumbers(b: Builder, query: Value, keys: Value): Value {
  const count = sizeOfTable(keys);
  if (count === 0) throw new DecantError('unsupported', 'a table without keys');
  if (count > MOST_KEYS) throw new DecantError('limit', `a table has ${count} keys, more than ${MOST_KEYS}`);
  if (query.node.constant === undefined && keysOf(keys).some(key => key !== (key | 0))) {
    throw new DecantError('unsupported', 'a table has keys of more than 32 bits, which devices cut off');
  }
  const numbers = b.constant(
    vector(
      'i32',
      Array.from({ length: count }, (_, i) => i + 1),
    ),
  );
  const isKey = b.add(Equal, [unsqueeze(b, query, query.shape.length), convert(b, keys, query.type)]);
  return b.add(ReduceMax, [b.add(Select, [isKey, numbers, b.scalar('i32', 0)]), b.i64(-1)]);
}

function placesOfTexts(op: TfOp, b: Builder): Value {
  const keys = unpackStrings(op.constant(0, 'table of texts'));
  const query = op.constant(2, 'text to look up');
  const places = unpackStrings(query).map(text => keys.lastIndexOf(text) + 1);
  return b.constant(tensorOf('i32', query.shape, places));
}

const keysOf = ({ node: { constant } }: Value): readonly number[] =>
  constant === undefined ? [] : Array.from(numbersOf(constant));

const sizeOfTable = (keys: Value): number => {
  const [count] = keys.shape;
  if (typeof count !== 'number')
    throw new DecantError('internal', 'the keys of a table are not a vector of known size');
  return count;
};

const size: Translator = (op, b) => b.scalar('i64', sizeOfTable(op.input(0)));

const contents: Translator = op => [op.input(0), op.input(1)];

export const table: Translators = {
  LookupTableFind: find,
  LookupTableFindV2: find,
  LookupTableSize: size,
  LookupTableSizeV2: size,
  LookupTableExport: contents,
  LookupTableExportV2: contents,
};
