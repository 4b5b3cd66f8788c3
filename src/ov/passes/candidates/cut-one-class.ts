import type { Builder } from '../../builder.ts';
import type { Node, Value } from '../../graph.ts';
import { GreaterEqual } from '../../ops/comparison.ts';
import { LogicalOr } from '../../ops/logical.ts';
import { squeeze } from '../../shorthand.ts';
import { BoxRanking } from './box-ranking.ts';
import { ancestorsOf, chooseBranch, NEVER } from './choose-branch.ts';
import { scalarOf } from './meaning-rule.ts';
import { areAll, moreRows } from './more-rows.ts';
import { nmsOfBoxes, type Rows, rowsOfBranch } from './nms-of-boxes.ts';

/** Boxes for each row that an NMS selects at most: many of them overlap. */
const BOXES_PER_ROW = 8;

/**
 * The outputs of an NMS of one class. Of the boxes with the best scores, it selects the same first rows as of all: all that
 * it may select, or all that are above the threshold.
 *
 * @param fewest boxes of the first cut
 * @param more boxes of the second cut
 */
export function cutOneClass(b: Builder, nms: Node, fewest: number, more: number): Rows | undefined {
  const count = nms.inputs[0]!.shape[1] as number;
  const most = scalarOf(nms.inputs[2]);
  const kept = Math.max(Math.min(fewest, count >> 1), BOXES_PER_ROW * (most ?? Infinity));
  if (most === undefined || 2 * kept > count) return undefined;
  const ranking = new BoxRanking(b, nms);
  const best = ranking.best(kept);
  const rows = nmsOfBoxes(b, nms, best, { above: best.lowest });
  const areEnough = ([, , selected]: Rows): Value =>
    b.add(GreaterEqual, [squeeze(b, selected, 0), b.scalar(selected.type, most)]);
  const before = ancestorsOf(nms.inputs);
  const isLazy = (node: Node): boolean => !before.has(node);
  const others = moreRows(b, nms, ranking, Math.min(Math.max(more, 2 * kept), count >> 1), areEnough, isLazy);
  const condition = b.add(LogicalOr, [areAll(b, nms, best), areEnough(rows)]);
  return rowsOfBranch(b, chooseBranch(b, condition, [rows, NEVER], [others, isLazy]));
}
