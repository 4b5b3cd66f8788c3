import type { Builder } from '../../builder.ts';
import { is, type Node, type Value } from '../../graph.ts';
import { Equal, GreaterEqual } from '../../ops/comparison.ts';
import { NonZero } from '../../ops/condition.ts';
import { Gather } from '../../ops/gather.ts';
import { LogicalAnd } from '../../ops/logical.ts';
import { ReduceSum } from '../../ops/reduction.ts';
import { Reshape, Squeeze } from '../../ops/shape.ts';
import { Slice } from '../../ops/slice.ts';
import { sizeOf, tensorOf } from '../../../tensor/tensor.ts';
import { columnOf, concat, convert, reshape, sizeAlong, squeeze } from '../../shorthand.ts';
import type { RowAnalysis } from './analyze-rows.ts';
import { RowEmitter, type SelectedRows } from './emit-rows.ts';
import type { Rows } from './nms-of-boxes.ts';
import { lineage, type Meanings, type RowList } from './row-list.ts';

const SCORE_COLUMN = 2;

/** The rows that an NMS selects down to some candidate, in the order of score, class and box. */
export class CandidateRows {
  readonly #b: Builder;
  readonly #nms: Node;
  readonly #rows: SelectedRows;
  #emitter: RowEmitter | undefined;

  /** @param nms the NMS of all boxes */
  constructor(b: Builder, nms: Node, [boxes, scores]: Rows) {
    this.#b = b;
    this.#nms = nms;
    this.#rows = { boxes, scores };
  }

  /** The rows that are the first `count` of a list, if they are sorted and at least as many pass its filters. */
  pick(list: RowList, count: number, meanings: Meanings): SelectedRows | undefined {
    const b = this.#b;
    const masks = this.#emitAll(masksOf(list), meanings);
    if (masks === undefined) return undefined;
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
    const mask = allOf(b, masks);
    if (mask === undefined) return { boxes: first(boxes), scores: first(scores) };
    const positions = first(squeeze(b, b.add(NonZero, [mask]), 0));
    const take = (value: Value): Value => b.add(Gather, [fill(value, 1), positions, b.scalar('i64', 0)]);
    return { boxes: take(boxes), scores: take(scores) };
  }

  /** Whether the first rows of all boxes are among these. */
  areEnough({ taken, meanings, required, conditions }: RowAnalysis, threshold: number): Value | undefined {
    const b = this.#b;
    const keys = lineage(taken).flatMap(part => (part.kind === 'sorted' ? [part.key] : []));
    // Fillers of a table must come after all rows.
    const base = lineage(taken).at(-1)!;
    const first = meanings.of(keys.at(-1)!);
    if (base.kind === 'table' && !(first.kind === 'rows' && (first.filler ?? Infinity) <= threshold)) return undefined;
    const masks = this.#emitAll(masksOf(taken), meanings);
    const emittedKeys = this.#emitAll(keys, meanings);
    const emittedConditions = this.#emitAll(conditions, meanings);
    if (masks === undefined || emittedKeys === undefined || emittedConditions === undefined) return undefined;
    const score = columnOf(b, this.#rows.scores, SCORE_COLUMN);
    const others = emittedKeys.filter(key => !this.#isScore(key));
    const checks = [...others.map(key => b.add(Equal, [key, score])), ...emittedConditions];
    const mask = allOf(b, masks);
    const passing = mask === undefined ? sizeAlong(b, this.#rows.scores, 0, 'i32') : this.#count(mask);
    const isMany = (count: Value): Value => b.add(GreaterEqual, [count, b.scalar('i32', required)]);
    if (checks.length === 0) return isMany(passing);
    const right = this.#count(allOf(b, [...(mask === undefined ? [] : [mask]), allOf(b, checks)!])!);
    return b.add(LogicalAnd, [isMany(right), b.add(Equal, [right, passing])]);
  }

  /** Whether the rows are first sorted by their scores, without exceptions. */
  areKeysScores({ taken, meanings }: RowAnalysis): boolean {
    const keys = lineage(taken).flatMap(part => (part.kind === 'sorted' ? [part.key] : []));
    return this.#emitAll(keys.slice(-1), meanings)?.every(key => this.#isScore(key)) === true;
  }

  #emitAll(values: readonly Value[], meanings: Meanings): readonly Value[] | undefined {
    const emitter = (this.#emitter ??= new RowEmitter(this.#b, this.#nms.outputs, meanings, this.#rows));
    const emitted = values.map(value => emitter.emit(value));
    return emitted.includes(undefined) ? undefined : (emitted as readonly Value[]);
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

const masksOf = (list: RowList): readonly Value[] =>
  lineage(list).flatMap(part => (part.kind === 'filtered' ? [part.mask] : []));

const zeros = (count: number): number[] => new Array<number>(count).fill(0);

function allOf(b: Builder, conditions: readonly Value[]): Value | undefined {
  const [first, ...others] = conditions;
  return first === undefined ? undefined : others.reduce((all, next) => b.add(LogicalAnd, [all, next]), first);
}
