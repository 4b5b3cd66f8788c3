import { is, type Node, type Value } from '../graph.ts';
import { Reshape } from '../ops/shape.ts';
import { Slice } from '../ops/slice.ts';
import { orderOf, sameOrder } from '../permutation.ts';

/** [4, 4, images, rows, columns, count], the outputs of tiles  ->  [images, rows, 4, columns, 4, count] */
export const ORDER_OF_ROWS: readonly number[] = [2, 3, 0, 4, 1, 5];

/** How `winograd-tiles` arranges the outputs of tiles, [16, images * tiles * count], as a map [images, height, width, count]. */
export interface TileRows {
  readonly outputs: Value;
  /** The ops in between, first one first: Reshape, Transpose, Reshape, and a Slice if the last tiles reach beyond the map. */
  readonly ops: readonly Node[];
}

export function tileRowsOf(map: Value): TileRows | undefined {
  const { node } = map;
  if (is(node, Slice)) {
    const whole = tileRowsOf(node.inputs[0]!);
    return whole?.ops.length === 3 ? { outputs: whole.outputs, ops: [...whole.ops, node] } : undefined;
  }
  const rows = is(node, Reshape) && map.shape.length === 4 ? node.inputs[0]!.node : undefined;
  const order = rows && orderOf(rows);
  if (order === undefined || !sameOrder(order, ORDER_OF_ROWS)) return undefined;
  const parts = rows!.inputs[0]!.node;
  return is(parts, Reshape) ? { outputs: parts.inputs[0]!, ops: [parts, rows!, node] } : undefined;
}
