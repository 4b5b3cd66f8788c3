import { DecantError } from '../../errors.ts';
import { allocate, byteLengthOf, type ElementType, type TypedArray, viewAs } from '../../tensor/element-type.ts';
import { sizeOf, type Tensor, tensor } from '../../tensor/tensor.ts';
import { numbers, type RecordOf, table, type TableRef } from '../../wire/flatbuffer.ts';
import { checkFilledBytes } from '../filled-bytes.ts';
import type { Sparsity } from './schema.ts';

/** The types of lists of indices, by number. */
const LISTS = [
  undefined,
  table('Int32Vector', { values: numbers(0, 'int32') }),
  table('Uint16Vector', { values: numbers(0, 'uint16') }),
  table('Uint8Vector', { values: numbers(0, 'uint8') }),
] as const;

const DENSE = 0;

/** An axis of the stored order: all positions up to a size, or a list of them per position of the axis before. */
type Level = { readonly size: number } | { readonly segments: readonly number[]; readonly indices: readonly number[] };

/**
 * Returns all elements of a tensor that is stored without most of its zeros. Its axes are stored in any order; some may be
 * split into blocks, whose positions are axes of their own.
 */
export function densified(
  { order = [], blockMap = [], dimensions }: Sparsity,
  type: ElementType,
  shape: readonly number[],
  content: Uint8Array,
): Tensor {
  const rank = shape.length;
  const isOrder = order.length === rank + blockMap.length && new Set(order).size === order.length;
  if (!isOrder || order.length !== dimensions.length || order.some(axis => axis < 0 || axis >= order.length)) {
    throw malformed('its axes are not in an order');
  }
  checkFilledBytes(`a sparse tensor of shape [${shape.join(',')}] takes`, byteLengthOf(type, sizeOf(shape)));
  const levels = dimensions.map(levelOf);
  const blockSizes = new Array<number>(rank).fill(1);
  order.forEach((axis, level) => {
    if (axis >= rank) blockSizes[blockMap[axis - rank]!] = sizeOfLevel(levels[level]!);
  });
  const width = byteLengthOf(type, 1);
  const values = viewAs(type, content, Math.floor(content.byteLength / width));
  const data = allocate(type, sizeOf(shape));
  const place = placer(shape, blockMap, blockSizes, values, data);
  const at = new Array<number>(order.length).fill(0);
  let next = 0;
  const walk = (depth: number, parent: number): void => {
    const level = levels[depth];
    if (level === undefined) {
      place(at, next++);
      return;
    }
    const visit = (index: number, position: number): void => {
      at[order[depth]!] = index;
      walk(depth + 1, position);
    };
    if ('size' in level) {
      for (let i = 0; i < level.size; i++) visit(i, parent * level.size + i);
    } else {
      const end = level.segments[parent + 1];
      if (end === undefined || end > level.indices.length) throw malformed('its segments run past their end');
      for (let i = level.segments[parent]!; i < end; i++) visit(level.indices[i]!, i);
    }
  };
  walk(0, 0);
  return tensor(type, shape, data);
}

function placer(
  shape: readonly number[],
  blockMap: readonly number[],
  blockSizes: readonly number[],
  values: TypedArray,
  data: TypedArray,
): (at: readonly number[], next: number) => void {
  const rank = shape.length;
  return (at, next) => {
    const full = shape.map((_, axis) => at[axis]! * blockSizes[axis]!);
    blockMap.forEach((axis, i) => (full[axis]! += at[rank + i]!));
    if (next >= values.length || full.some((index, axis) => !(index >= 0 && index < shape[axis]!))) {
      throw malformed('it has positions outside of its shape, or fewer values than positions');
    }
    data[full.reduce((offset, index, axis) => offset * shape[axis]! + index, 0)] = values[next]!;
  };
}

function levelOf(dimension: Sparsity['dimensions'][number]): Level {
  if (dimension.format === DENSE) return { size: dimension.size };
  return {
    segments: listOf(dimension.segmentsType, dimension.segments),
    indices: listOf(dimension.indicesType, dimension.indices),
  };
}

const sizeOfLevel = (level: Level): number => ('size' in level ? level.size : 1);

type List = RecordOf<NonNullable<(typeof LISTS)[1]>>;

function listOf(type: number, stored: TableRef | undefined): readonly number[] {
  const list = LISTS[type];
  if (list === undefined || stored === undefined) throw malformed('it has no list of positions');
  return stored.decode<List>(list).values ?? [];
}

const malformed = (problem: string): DecantError =>
  new DecantError('malformed', `the sparse tensor is corrupt: ${problem}`);
