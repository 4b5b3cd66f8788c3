import type { Builder } from '../../builder.ts';
import { constantOf, type Node, type Value } from '../../graph.ts';
import { LessEqual } from '../../ops/comparison.ts';
import { LogicalOr } from '../../ops/logical.ts';
import { numbersOf } from '../../../tensor/tensor.ts';
import type { BestBoxes, BoxRanking } from './box-ranking.ts';
import { chooseBranch, type IsLazy, NEVER } from './choose-branch.ts';
import { nmsOfBoxes, type Rows, rowsOf, rowsOfBranch } from './nms-of-boxes.ts';

/** Whether no other box has a score above the threshold of the NMS. */
export const areAll = (b: Builder, nms: Node, { lowest }: BestBoxes): Value =>
  b.add(LessEqual, [lowest, nms.inputs[4]!]);

/**
 * The outputs of an NMS; instead of all rows, they may be only the first ones, if these are enough.
 *
 * @param count boxes that may have enough rows
 */
export function moreRows(
  b: Builder,
  nms: Node,
  ranking: BoxRanking,
  count: number,
  areEnough: (rows: Rows) => Value,
  isLazy: IsLazy,
): Rows {
  // Soft NMS lowers scores, so that a candidate may come after one that was left out: then equal scores are left out, too.
  const isLowering = isSoft(nms);
  const first = isLowering ? ranking.best(count) : ranking.first(count, nms.inputs[4]!);
  const rows = nmsOfBoxes(b, nms, first, isLowering ? { above: first.lowest } : {});
  const condition = b.add(LogicalOr, [areAll(b, nms, first), areEnough(rows)]);
  return rowsOfBranch(b, chooseBranch(b, condition, [rows, NEVER], [rowsOf(nms), isLazy]));
}

/** Whether an NMS lowers the scores of overlapping boxes. */
export const isSoft = ({ inputs }: Node): boolean => inputs[5] !== undefined && !isZero(inputs[5]);

const isZero = (value: Value): boolean => {
  const constant = constantOf(value);
  return constant !== undefined && numbersOf(constant)[0] === 0;
};
