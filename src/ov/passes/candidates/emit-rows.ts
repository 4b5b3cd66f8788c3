import { type Builder } from '../../builder.ts';
import { constantOf, is, type Value } from '../../graph.ts';
import { Select } from '../../ops/condition.ts';
import { Gather } from '../../ops/gather.ts';
import { Broadcast } from '../../ops/movement.ts';
import { Reshape } from '../../ops/shape.ts';
import { TopK } from '../../ops/sort.ts';
import { bytesOf, tensorFromBytes } from '../../../tensor/tensor.ts';
import type { Meanings, RowList } from './row-list.ts';

/** Rows of an NMS: batch, class and box [n, 3], and batch, class and score [n, 3]. */
export interface SelectedRows {
  readonly boxes: Value;
  readonly scores: Value;
}

/** Computes values that have a row per row of a list for other rows: of each, only what does not depend on the others. */
export class RowEmitter {
  readonly #b: Builder;
  readonly #nms: readonly Value[];
  readonly #meanings: Meanings;
  readonly #rows: SelectedRows;
  readonly #memo = new Map<Value, Value | undefined>();

  constructor(b: Builder, nms: readonly Value[], meanings: Meanings, rows: SelectedRows) {
    this.#b = b;
    this.#nms = nms;
    this.#meanings = meanings;
    this.#rows = rows;
  }

  emit(value: Value): Value | undefined {
    if (!this.#memo.has(value)) this.#memo.set(value, this.#compute(value));
    return this.#memo.get(value);
  }

  #compute(value: Value): Value | undefined {
    const { node } = value;
    if (value === this.#nms[0]) return this.#rows.boxes;
    if (value === this.#nms[1]) return this.#rows.scores;
    const meaning = this.#meanings.of(value);
    if (meaning.kind === 'plain') return meaning.value;
    if (meaning.kind === 'extended') return this.emit(meaning.rows);
    if (meaning.kind !== 'rows') return undefined;
    if (is(node, TopK)) return value.index === 0 ? this.emit(node.inputs[0]!) : undefined;
    if (is(node, Broadcast)) return this.emit(node.inputs[0]!);
    if (is(node, Select) && this.#meanings.of(node.inputs[0]!).kind === 'valid') return this.emit(node.inputs[1]!);
    if (is(node, Gather)) return this.#gather(value);
    if (is(node, Reshape)) return this.emit(node.inputs[0]!);
    const inputs: Value[] = [];
    for (const input of node.inputs) {
      const emitted = this.emit(input);
      if (emitted === undefined) return undefined;
      inputs.push(emitted);
    }
    return this.#b.rebuild(node, inputs)[value.index];
  }

  #gather({ node, index }: Value): Value | undefined {
    const [data, indices] = node.inputs as readonly [Value, Value];
    const x = this.#meanings.of(data);
    const at = this.#meanings.of(indices);
    if (x.kind === 'extended') return this.emit(x.rows);
    if (at.kind !== 'rows') {
      const rows = this.emit(data);
      // Of a list of rows, only a column of the selected rows is taken, or the first rows.
      const isColumn = x.kind === 'rows' && x.list.kind === 'selected';
      return isColumn && rows !== undefined ? this.#b.rebuild(node, [rows, ...node.inputs.slice(1)])[index] : rows;
    }
    if (x.kind === 'rows') return this.emit(data);
    const { pointsTo } = at;
    const positions = pointsTo === undefined ? this.emit(indices) : this.#classes();
    const table = pointsTo === undefined ? data : tableOfClasses(this.#b, data, pointsTo);
    if (positions === undefined || table === undefined) return undefined;
    return this.#b.add(Gather, [table, positions, this.#b.scalar('i64', 0)]);
  }

  #classes(): Value | undefined {
    const classes = this.#meanings.classes();
    return classes === undefined ? undefined : this.emit(classes);
  }
}

/** The rows per class of a constant with rows per class and position, if they are the same for all positions. */
function tableOfClasses(b: Builder, value: Value, list: RowList | 'extended'): Value | undefined {
  const constant = constantOf(value);
  if (constant === undefined || list === 'extended' || list.kind !== 'table' || constant.type === 'string') {
    return undefined;
  }
  const bytes = bytesOf(constant);
  const perRow = bytes.byteLength / (list.classes * list.perClass);
  const kept = new Uint8Array(perRow * list.classes);
  for (let i = 0; i < list.classes * list.perClass; i++) {
    const row = bytes.subarray(i * perRow, (i + 1) * perRow);
    const first = Math.floor(i / list.perClass) * perRow;
    if (i % list.perClass === 0) kept.set(row, first);
    else if (row.some((byte, k) => byte !== kept[first + k])) return undefined;
  }
  return b.constant(tensorFromBytes(constant.type, [list.classes, ...constant.shape.slice(1)], kept));
}
