import type { Builder } from '../../builder.ts';
import type { Node, Value } from '../../graph.ts';
import { Maximum } from '../../ops/arithmetic.ts';
import { Gather } from '../../ops/gather.ts';
import { Slice } from '../../ops/slice.ts';
import { columnOf, concat, convert, unsqueeze } from '../../shorthand.ts';
import type { BestBoxes } from './box-ranking.ts';

/** Inputs of an NMS, after boxes and scores. */
const THRESHOLD = 2;

export interface NmsLimits {
  /** A score that rows must exceed, besides the threshold of the NMS. */
  readonly above?: Value;
  /** Sorts rows by score, then by class and box. By default, they are in the order of the NMS. */
  readonly isSorted?: boolean;
}

/** The outputs of an NMS. */
export type Rows = readonly [boxes: Value, scores: Value, count: Value];

export const rowsOf = (nms: Node): Rows => nms.outputs as Rows;

/** The outputs of an NMS that runs on some of its boxes only: boxes have the numbers that they have among all. */
export function nmsOfBoxes(
  b: Builder,
  nms: Node,
  { indices, boxes, scores }: BestBoxes,
  { above, isSorted = false }: NmsLimits = {},
): Rows {
  const limits = nms.inputs.slice(2);
  if (above !== undefined) limits[THRESHOLD] = b.add(Maximum, [above, limits[THRESHOLD]!]);
  const attrs = isSorted ? { ...nms.attrs, sort_result_descending: true } : nms.attrs;
  const [rows, rowScores, count] = b.addAll(nms.op, [boxes, scores, ...limits], attrs) as Rows;
  const column = columnOf(b, rows, 2);
  const box = convert(b, b.add(Gather, [indices, column, b.scalar('i64', 0)]), rows.type);
  const batchAndClass = b.add(Gather, [rows, b.i64(0, 1), b.scalar('i64', 1)]);
  return [concat(b, 1, [batchAndClass, unsqueeze(b, box, 1)]), rowScores, count];
}

/**
 * The rows that an If returns. OpenVINO may run ops after an If with the sizes of former results, unless they depend on a
 * size that the If itself returns.
 */
export function rowsOfBranch(b: Builder, [boxes, scores, count]: Rows): Rows {
  const all = (rows: Value): Value => b.add(Slice, [rows, b.i64(0), count, b.i64(1), b.i64(0)]);
  return [all(boxes), all(scores), count];
}
