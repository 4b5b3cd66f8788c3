import { DecantError } from '../../errors.ts';
import type { Builder } from '../../ov/builder.ts';
import type { Value } from '../../ov/graph.ts';
import { Equal } from '../../ov/ops/comparison.ts';
import { Gather } from '../../ov/ops/gather.ts';
import { ReduceMax } from '../../ov/ops/reduction.ts';
import { Select } from '../../ov/ops/condition.ts';
import { concat, convert, unsqueeze } from '../../ov/shorthand.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { numbersOf, tensorOf, vector } from '../../tensor/tensor.ts';
import type { TfOp } from '../tf-op.ts';
import type { Translators, Translator } from '../translator.ts';
import { filledLike } from './generation.ts';

/** Hash tables: preparation makes their keys and values, two constants, inputs 0 and 1 of the lookup ops. */

/** Every query is compared with every key, so the cost grows with the table. */
const MAX_KEYS = 2 ** 16;

const find: Translator = (op, b) => {
  const keys = op.input(0);
  const values = op.input(1);
  const query = op.input(2);
  const fallback = op.input(3);
  if (values.type === 'string') {
    throw new DecantError('unsupported', `${op.type} returns strings, which OpenVINO devices do not process`, {
      remedy: 'Select outputs that do not depend on it with --output, and look up the strings after inference.',
    });
  }
  const choices = concat(b, 0, [unsqueeze(b, fallback, 0), values]);
  const indices = keys.type === 'string' ? indicesOfStrings(op, b) : indicesOfNumbers(b, query, keys);
  return b.add(Gather, [choices, indices, b.scalar('i64', 0)]);
};

/** Returns the 1-based index of each query's key, or 0 if missing. */
function indicesOfNumbers(b: Builder, query: Value, keys: Value): Value {
  const count = sizeOfTable(keys);
  if (count === 0) return filledLike(b, query, 0, 'i32');
  if (count > MAX_KEYS)
    throw new DecantError('limit', `the table has ${count} keys, but at most ${MAX_KEYS} are supported`);
  if (query.node.constant === undefined && keysOf(keys).some(key => key !== (key | 0))) {
    throw new DecantError('unsupported', 'the table has keys of more than 32 bits, which OpenVINO devices truncate', {
      remedy: 'Select outputs that do not depend on it with --output, and look up the keys outside the model.',
    });
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

function indicesOfStrings(op: TfOp, b: Builder): Value {
  const keys = unpackStrings(op.constant(0, 'keys'));
  const query = op.constant(2, 'query');
  const indices = unpackStrings(query).map(text => keys.lastIndexOf(text) + 1);
  return b.constant(tensorOf('i32', query.shape, indices));
}

const keysOf = ({ node: { constant } }: Value): readonly number[] =>
  constant === undefined ? [] : Array.from(numbersOf(constant));

const sizeOfTable = (keys: Value): number => {
  const [count] = keys.shape;
  if (typeof count !== 'number') throw new DecantError('internal', 'the number of keys of a table is unknown');
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
