import type { Builder } from '../../builder.ts';
import { is, type Node, type Value } from '../../graph.ts';
import { Maximum } from '../../ops/arithmetic.ts';
import { Equal, GreaterEqual } from '../../ops/comparison.ts';
import { NonZero } from '../../ops/condition.ts';
import { Gather } from '../../ops/gather.ts';
import { LogicalAnd } from '../../ops/logical.ts';
import { Transpose } from '../../ops/movement.ts';
import { ReduceMax, ReduceMin, ReduceSum } from '../../ops/reduction.ts';
import { Reshape, Squeeze } from '../../ops/shape.ts';
import { Slice } from '../../ops/slice.ts';
import { TopK } from '../../ops/sort.ts';
import { orderOf } from '../../permutation.ts';
import { sizeOf, tensorOf } from '../../../tensor/tensor.ts';
import { unshaped } from '../../reshaping.ts';
import { columnOf, concat, convert, reshape, sizeAlong, squeeze, unsqueeze } from '../../shorthand.ts';
import type { RowAnalysis } from './analyze-rows.ts';
import { RowEmitter, type SelectedRows } from './emit-rows.ts';
import { lineage, type Meanings, type RowList } from './row-list.ts';

const SCORE_COLUMN = 2;

/**
 * An NMS of the boxes with the highest scores only, above the score of the lowest of them: it selects exactly the rows
 * that an NMS of all boxes selects above that score. They are sorted by score, then by class and box.
 */
export class NmsOfBest {
  readonly kept: number;
  /** Column of the selected rows with their class. */
  readonly classColumn = 1;
  readonly #b: Builder;
  readonly #nms: Node;
  readonly #rows: SelectedRows;
  #mask: Value | undefined;

  constructor(b: Builder, nms: Node, kept: number) {
    this.#b = b;
    this.#nms = nms;
    this.kept = kept;
    this.#rows = this.#select();
  }

  #select(): SelectedRows {
    const b = this.#b;
    const [boxes, scores, most, iou, threshold, ...sigma] = this.#nms.inputs as readonly [
      Value,
      Value,
      Value,
      Value,
      Value,
      ...Value[],
    ];
    const perBox = scoresPerBox(b, scores);
    const highest = b.add(ReduceMax, [perBox, b.i64(1)]);
    // In order of index, so that equal scores keep their order.
    const [values, indices] = b.addAll(TopK, [highest, b.scalar('i32', this.kept)], { axis: 0, sort: 'index' });
    const lowest = b.add(ReduceMin, [values!, b.i64(0)]);
    const kept = b.add(Transpose, [b.add(Gather, [perBox, indices!, b.scalar('i64', 0)]), b.i64(1, 0)]);
    const [rows, rowScores] = b.addAll(
      this.#nms.op,
      [
        b.add(Gather, [boxes, indices!, b.scalar('i64', 1)]),
        unsqueeze(b, kept, 0),
        most,
        iou,
        b.add(Maximum, [lowest, threshold]),
        ...sigma,
      ],
      { ...this.#nms.attrs, sort_result_descending: true },
    );
    const column = columnOf(b, rows!, 2);
    const box = convert(b, b.add(Gather, [indices!, column, b.scalar('i64', 0)]), rows!.type);
    const batchAndClass = b.add(Gather, [rows!, b.i64(0, 1), b.scalar('i64', 1)]);
    return { boxes: concat(b, 1, [batchAndClass, unsqueeze(b, box, 1)]), scores: rowScores! };
  }

  /** The selected rows that are the first `count` of a list, if at least as many pass its filters. */
  pick(list: RowList, count: number, meanings: Meanings): SelectedRows | undefined {
    const b = this.#b;
    const emitter = new RowEmitter(b, this.#nms.outputs, meanings, this.#rows);
    const masks = lineage(list).flatMap(part => (part.kind === 'filtered' ? [emitter.emit(part.mask)] : []));
    if (masks.includes(undefined)) return undefined;
    this.#mask = allOf(b, masks as readonly Value[]);
    // Fillers make the sizes static. They are in use only if too few rows pass.
    const fill = (value: Value, rows: number): Value => {
      const rest = value.shape.slice(1) as readonly number[];
      return concat(b, 0, [value, b.constant(tensorOf(value.type, [rows, ...rest], zeros(rows * sizeOf(rest))))]);
    };
    const first = (value: Value): Value => {
      const rows = b.add(Slice, [fill(value, count), b.i64(0), b.i64(count), b.i64(1), b.i64(0)]);
      return reshape(b, rows, count, ...(value.shape.slice(1) as readonly number[]));
    };
    const { boxes, scores } = this.#rows;
    if (this.#mask === undefined) return { boxes: first(boxes), scores: first(scores) };
    const positions = first(squeeze(b, b.add(NonZero, [this.#mask]), 0));
    const take = (value: Value): Value => b.add(Gather, [fill(value, 1), positions, b.scalar('i64', 0)]);
    return { boxes: take(boxes), scores: take(scores) };
  }

  /** Whether the picked rows are those that the NMS of all boxes would lead to. */
  isEnough({ taken, meanings, required, conditions }: RowAnalysis, threshold: number): Value | undefined {
    const b = this.#b;
    const emitter = new RowEmitter(b, this.#nms.outputs, meanings, this.#rows);
    const keys = lineage(taken).flatMap(part => (part.kind === 'sorted' ? [part.key] : []));
    // Fillers of a table must come after all rows.
    const base = lineage(taken).at(-1)!;
    const first = meanings.of(keys.at(-1)!);
    if (base.kind === 'table' && !(first.kind === 'rows' && (first.filler ?? Infinity) <= threshold)) return undefined;
    const score = columnOf(b, this.#rows.scores, SCORE_COLUMN);
    const checks: Value[] = [];
    for (const key of keys) {
      const emitted = emitter.emit(key);
      if (emitted === undefined) return undefined;
      if (!this.#isScore(emitted)) checks.push(b.add(Equal, [emitted, score]));
    }
    for (const condition of conditions) {
      const emitted = emitter.emit(condition);
      if (emitted === undefined) return undefined;
      checks.push(emitted);
    }
    const passing = this.#mask === undefined ? sizeAlong(b, this.#rows.scores, 0, 'i32') : this.#count(this.#mask);
    const isMany = (count: Value): Value => b.add(GreaterEqual, [count, b.scalar('i32', required)]);
    const checked = allOf(b, checks);
    if (checked === undefined) return isMany(passing);
    const right = this.#count(allOf(b, [...(this.#mask === undefined ? [] : [this.#mask]), checked])!);
    return b.add(LogicalAnd, [isMany(right), b.add(Equal, [right, passing])]);
  }

  #isScore(value: Value): boolean {
    let { node } = value;
    while (is(node, Squeeze) || is(node, Reshape)) node = node.inputs[0]!.node;
    const isColumn = is(node, Gather) && node.inputs[0] === this.#rows.scores;
    return isColumn && node.inputs[1]!.partialValue?.length === 1 && node.inputs[1]!.partialValue[0] === SCORE_COLUMN;
  }

  #count(mask: Value): Value {
    return this.#b.add(ReduceSum, [convert(this.#b, mask, 'i32'), this.#b.i64(0)]);
  }
}

const zeros = (count: number): number[] => new Array<number>(count).fill(0);

function allOf(b: Builder, conditions: readonly Value[]): Value | undefined {
  const [first, ...others] = conditions;
  return first === undefined ? undefined : others.reduce((all, next) => b.add(LogicalAnd, [all, next]), first);
}

/** The scores [1, C, B] as [B, C], without a transpose if they are one. */
function scoresPerBox(b: Builder, scores: Value): Value {
  const x = unshaped(scores);
  const [, classes, boxes] = scores.shape as readonly number[];
  const isTransposed = orderOf(x.node)?.join() === '1,0' && x.shape[0] === classes && x.shape[1] === boxes;
  if (isTransposed) return x.node.inputs[0]!;
  return b.add(Transpose, [reshape(b, scores, classes!, boxes!), b.i64(1, 0)]);
}
