import type { Builder } from '../../builder.ts';
import type { Node, Value } from '../../graph.ts';
import { GreaterEqual } from '../../ops/comparison.ts';
import { LogicalOr } from '../../ops/logical.ts';
import { squeeze } from '../../shorthand.ts';
import { BoxRanking } from './box-ranking.ts';
import { ALWAYS, chooseBranch, NEVER, unlessFor } from './choose-branch.ts';
import { areAll, moreRows } from './more-rows.ts';
import { nmsOfBoxes, type Rows, rowsOfBranch } from './nms-of-boxes.ts';

/**
 * The outputs of an NMS of one image and class. Of the boxes with the best scores, it selects the same first rows as of
 * all: all that it may select, or all that are above the threshold.
 *
 * @param kept boxes of the first cut
 * @param more boxes of the second cut
 * @param most rows that the NMS selects at most
 */
export function cutOneClass(b: Builder, nms: Node, kept: number, more: number, most: number): Rows {
  const ranking = new BoxRanking(b, nms);
  const best = ranking.best(kept);
  const rows = nmsOfBoxes(b, nms, best, { above: best.lowest });
  const areEnough = ([, , selected]: Rows): Value =>
    b.add(GreaterEqual, [squeeze(b, selected, 0), b.scalar(selected.type, most)]);
  const isLazy = unlessFor(nms.inputs, ALWAYS);
  const others = moreRows(b, nms, ranking, more, areEnough, isLazy);
  const condition = b.add(LogicalOr, [areAll(b, nms, best), areEnough(rows)]);
  return rowsOfBranch(b, chooseBranch(b, condition, [rows, NEVER], [others, isLazy]));
}
