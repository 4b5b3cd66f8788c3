import { DecantError } from '../../../errors.ts';
import type { Builder } from '../../../ov/builder.ts';
import type { Value } from '../../../ov/graph.ts';
import { Add, CumSum, Multiply } from '../../../ov/ops/arithmetic.ts';
import { GreaterEqual, Less } from '../../../ov/ops/comparison.ts';
import { Select } from '../../../ov/ops/condition.ts';
import { Gather, ScatterNDUpdate } from '../../../ov/ops/gather.ts';
import { LogicalOr } from '../../../ov/ops/logical.ts';
import { Broadcast } from '../../../ov/ops/movement.ts';
import { Reshape } from '../../../ov/ops/shape.ts';
import { Slice } from '../../../ov/ops/slice.ts';
import { concat, convert, reshape, unsqueeze } from '../../../ov/shorthand.ts';
import type { Translator } from '../../translator.ts';
import { countTo } from '../generation.ts';
import { ones, reduceByGroup, rowSizes } from './groups.ts';
import { columnsOf, lengthOf, lengthsOfRows, longest, rowsIn, rowsOfSplits } from './ragged.ts';

/** How the values of one level are divided into rows. */
interface Level {
  /** Row of each value. */
  readonly rows: Value;
  /** Position of each value in its row. */
  readonly columns: Value;
  readonly longest: Value;
}

/**
 * Translates `RaggedTensorToTensor`: pads rows with the default value, and cuts those longer than the given shape. Inputs: shape
 * (negative sizes are those of the rows), values, default value, and the partitions from the outermost.
 */
export const raggedToTensor: Translator = (op, b) => {
  const [shape, values, fallback, ...partitions] = op.inputs;
  const types = op.strings('row_partition_types');
  if (types.length === 0 || partitions.length !== types.length) {
    throw new DecantError('malformed', `${op.type} has ${partitions.length} partitions of ${types.length} types`);
  }
  const isCounted = types[0] === 'FIRST_DIM_SIZE';
  const tensors = partitions.map(partition => convert(b, partition, 'i64'));
  const outermost = isCounted ? reshape(b, tensors[0]!) : rowsIn(b, tensors[0]!);
  const levels = tensors.slice(isCounted ? 1 : 0);
  const kinds = types.slice(isCounted ? 1 : 0);
  const sizeOf = (level: number, size: Value): Value => givenSize(b, shape!, level, size);

  const sizes = [sizeOf(0, outermost)];
  const numbers = countTo(b, outermost);
  let places = droppedFrom(b, numbers, numbers, sizes[0]!);
  let rowCount = outermost;
  levels.forEach((partition, i) => {
    const after = i + 1 === levels.length ? lengthOf(b, values!) : undefined;
    const inner = kinds[i + 1] === 'ROW_SPLITS' ? rowsIn(b, levels[i + 1]!) : undefined;
    const last = b.add(Gather, [partition, b.scalar('i64', -1), b.scalar('i64', 0)]);
    const count = kinds[i] === 'ROW_SPLITS' ? (after ?? inner ?? last) : lengthOf(b, partition);
    const level = levelOf(b, kinds[i]!, partition, rowCount, count);
    const size = sizeOf(i + 1, level.longest);
    const parents = b.add(Gather, [places, level.rows, b.scalar('i64', 0)]);
    const place = b.add(Add, [b.add(Multiply, [parents, size]), level.columns]);
    const isDropped = b.add(LogicalOr, [
      b.add(Less, [parents, b.scalar('i64', 0)]),
      b.add(GreaterEqual, [level.columns, size]),
    ]);
    places = b.add(Select, [isDropped, b.scalar('i64', -1), place]);
    sizes.push(size);
    rowCount = count;
  });
  return scattered(b, values!, places, sizes, fallback!);
};

/** Returns a size of the given shape, or `size` if that is negative or if there is no shape. */
function givenSize(b: Builder, shape: Value, level: number, size: Value): Value {
  if (shape.shape.length === 0) return size;
  const given = b.add(Gather, [convert(b, shape, 'i64'), b.scalar('i64', level), b.scalar('i64', 0)]);
  return b.add(Select, [b.add(Less, [given, b.scalar('i64', 0)]), size, given]);
}

function levelOf(b: Builder, kind: string, partition: Value, rowCount: Value, count: Value): Level {
  if (kind === 'ROW_SPLITS') {
    const rows = rowsOfSplits(b, partition, count);
    return { rows, columns: columnsOf(b, partition, rows, count), longest: longest(b, lengthsOfRows(b, partition)) };
  }
  if (kind !== 'VALUE_ROWIDS') throw new DecantError('malformed', `row partitions of type '${kind}' do not exist`);
  const lengths = reduceByGroup(b, ones(b, partition, 'i64'), partition, rowCount, 'sum');
  const starts = b.add(CumSum, [lengths, b.scalar('i64', 0)], { exclusive: true });
  return { rows: partition, columns: columnsOf(b, starts, partition, count), longest: longest(b, lengths) };
}

const droppedFrom = (b: Builder, places: Value, positions: Value, size: Value): Value =>
  b.add(Select, [b.add(GreaterEqual, [positions, size]), b.scalar('i64', -1), places]);

function scattered(b: Builder, values: Value, places: Value, sizes: readonly Value[], fallback: Value): Value {
  const total = sizes.reduce((product, size) => b.add(Multiply, [product, size]));
  const inner = values.shape.length > 1 ? [rowSizes(b, values, 1)] : [];
  // An extra item collects the dropped values and is sliced off.
  const count = unsqueeze(b, b.add(Add, [total, b.scalar('i64', 1)]), 0);
  const empty = b.add(Broadcast, [fallback, concat(b, 0, [count, ...inner])]);
  const indices = b.add(Select, [b.add(Less, [places, b.scalar('i64', 0)]), total, places]);
  const filled = b.add(ScatterNDUpdate, [empty, unsqueeze(b, indices, 1), values]);
  const kept = b.add(Slice, [filled, b.i64(0), unsqueeze(b, total, 0), b.i64(1), b.i64(0)]);
  return b.add(Reshape, [kept, concat(b, 0, [...sizes.map(size => unsqueeze(b, size, 0)), ...inner])]);
}
