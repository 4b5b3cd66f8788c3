import type { Builder } from '../../builder.ts';
import { type Node, type Value } from '../../graph.ts';
import { CumSum } from '../../ops/arithmetic.ts';
import { Equal, Greater, LessEqual } from '../../ops/comparison.ts';
import { NonZero, Select } from '../../ops/condition.ts';
import { Gather, ScatterUpdate } from '../../ops/gather.ts';
import { LogicalAnd, LogicalOr } from '../../ops/logical.ts';
import { Transpose } from '../../ops/movement.ts';
import { ReduceLogicalOr, ReduceMax, ReduceMin, ReduceSum } from '../../ops/reduction.ts';
import { FAR, Slice } from '../../ops/slice.ts';
import { TopK } from '../../ops/sort.ts';
import { orderOf } from '../../permutation.ts';
import { tensorOf } from '../../../tensor/tensor.ts';
import { unshaped } from '../../reshaping.ts';
import { concat, convert, reshape, squeeze, unsqueeze } from '../../shorthand.ts';

/** Some of the boxes of an NMS, in their order. */
export interface BestBoxes {
  /** Their numbers among all boxes [n]. */
  readonly indices: Value;
  /** [1, n, 4] */
  readonly boxes: Value;
  /** [1, classes, n] */
  readonly scores: Value;
  /** No other box has a score above this one. */
  readonly lowest: Value;
}

/** Candidates with one score that remain: a detector whose scores are saturated has many. */
const MAX_TIES = 1 << 16;

/** Finds the best boxes of an NMS of one image. */
export class BoxRanking {
  readonly #b: Builder;
  readonly #boxes: Value;
  /** [boxes, classes] */
  readonly #scores: Value;
  /** The highest score of each box. */
  readonly #highest: Value;

  constructor(b: Builder, nms: Node) {
    this.#b = b;
    this.#boxes = nms.inputs[0]!;
    this.#scores = scoresPerBox(b, nms.inputs[1]!);
    const [count, classes] = this.#scores.shape as readonly [number, number];
    this.#highest = classes === 1 ? reshape(b, this.#scores, count) : b.add(ReduceMax, [this.#scores, b.i64(1)]);
  }

  /** The boxes with the highest scores. */
  best(count: number): BestBoxes {
    const { lowest, indices } = this.#highestOf(count);
    return this.#take(indices, lowest, this.#scoresOf(indices));
  }

  /**
   * The boxes with the first candidates in the order of score, class and box, and of their scores only those. The others
   * are replaced by `none`. The first candidates have higher scores than box `count` in the order of scores, or have its
   * score, and are of the first classes.
   */
  first(count: number, none: Value): BestBoxes {
    const b = this.#b;
    const { lowest } = this.#highestOf(count);
    const isLowest = (scores: Value): Value => b.add(Equal, [scores, lowest]);
    const isAbove = (scores: Value): Value => b.add(Greater, [scores, lowest]);
    // The first box is among them in any case, because some ops fail without any.
    const box0 = b.constant(tensorOf('i32', [1], [0]));
    const tied = concat(b, 0, [box0, this.#positions(isLowest(this.#highest))]);
    const isTie = isLowest(this.#scoresOf(tied));
    const ties = b.add(ReduceSum, [convert(b, isTie, 'i32'), b.i64(0)]);
    const isOfFirstClass = b.add(LessEqual, [b.add(CumSum, [ties, b.scalar('i64', 0)]), b.scalar('i32', MAX_TIES)]);
    const isFirstTied = b.add(ReduceLogicalOr, [b.add(LogicalAnd, [isTie, isOfFirstClass]), b.i64(1)]);
    const isKept = b.add(ScatterUpdate, [isAbove(this.#highest), tied, isFirstTied, b.scalar('i64', 0)]);
    const isOther = b.add(Slice, [isKept, b.i64(1), b.i64(FAR), b.i64(1), b.i64(0)]);
    const indices = this.#positions(concat(b, 0, [b.constant(tensorOf('boolean', [1], [1])), isOther]));
    const scores = this.#scoresOf(indices);
    const isFirst = b.add(LogicalOr, [isAbove(scores), b.add(LogicalAnd, [isLowest(scores), isOfFirstClass])]);
    return this.#take(indices, lowest, b.add(Select, [isFirst, scores, none]));
  }

  #highestOf(count: number): { readonly lowest: Value; readonly indices: Value } {
    const b = this.#b;
    // In order of index, so that equal scores keep their order.
    const attrs = { axis: 0, sort: 'index' } as const;
    const [values, indices] = b.addAll(TopK, [this.#highest, b.scalar('i32', count)], attrs);
    return { lowest: b.add(ReduceMin, [values!, b.i64(0)]), indices: indices! };
  }

  #positions(mask: Value): Value {
    return convert(this.#b, squeeze(this.#b, this.#b.add(NonZero, [mask]), 0), 'i32');
  }

  #scoresOf(indices: Value): Value {
    return this.#b.add(Gather, [this.#scores, indices, this.#b.scalar('i64', 0)]);
  }

  #take(indices: Value, lowest: Value, scores: Value): BestBoxes {
    const b = this.#b;
    return {
      indices,
      boxes: b.add(Gather, [this.#boxes, indices, b.scalar('i64', 1)]),
      scores: unsqueeze(b, b.add(Transpose, [scores, b.i64(1, 0)]), 0),
      lowest,
    };
  }
}

/** The scores [1, C, B] as [B, C], without a transpose if they are one. */
function scoresPerBox(b: Builder, scores: Value): Value {
  const x = unshaped(scores);
  const [, classes, boxes] = scores.shape as readonly number[];
  const isTransposed = orderOf(x.node)?.join() === '1,0' && x.shape[0] === classes && x.shape[1] === boxes;
  if (isTransposed) return x.node.inputs[0]!;
  return b.add(Transpose, [reshape(b, scores, classes!, boxes!), b.i64(1, 0)]);
}
