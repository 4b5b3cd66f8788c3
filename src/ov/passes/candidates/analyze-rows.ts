import type { Builder } from '../../builder.ts';
import type { Node, Value } from '../../graph.ts';
import { RowEmitter, type SelectedRows } from './emit-rows.ts';
import type { Meaning, Meanings, RowList } from './row-list.ts';
import { type RowContext, scalarOf } from './meaning-rule.ts';
import { numberingOf } from './class-of-rows.ts';
import { meaningsOf } from './meanings-of.ts';

/** What the ops after an NMS compute if it selects many rows. */
export interface RowAnalysis {
  readonly meanings: Meanings;
  /** The list of which the graph takes the first rows. */
  readonly taken: RowList;
  /** The number of rows from which on the analysis is right. */
  readonly required: number;
  /** Conditions that must be true for all rows. */
  readonly conditions: readonly Value[];
}

export type PickRows = (list: RowList, count: number, meanings: Meanings) => SelectedRows | undefined;

/**
 * Analyzes `nodes`, in order, which depend on the outputs of `nms`.
 *
 * @param pick computes the selected rows that are the first `count` of a list; called once
 * @returns undefined if a node does something else with the rows than sort, filter and look up
 */
export function analyzeRows(
  b: Builder,
  nms: Node,
  nodes: readonly Node[],
  classColumn: number,
  pick: PickRows,
): RowAnalysis | undefined {
  const meanings = new Map<Value, Meaning>();
  const tables = new Map<string, RowList>();
  const conditions: Value[] = [];
  let taken: { readonly list: RowList; readonly first: RowList; readonly count: number } | undefined;
  let required = 0;
  let classes: { readonly value: Value; readonly numbering: string } | undefined;
  let emitter: RowEmitter | undefined;
  const meaningOf = (value: Value): Meaning => meanings.get(value) ?? { kind: 'plain', value };
  const known: Meanings = { of: meaningOf, classes: () => classes?.value };
  const context: RowContext = {
    of: meaningOf,
    isClass(value) {
      const numbering = numberingOf(value, nms.outputs[0]!, classColumn);
      if (numbering !== undefined) classes ??= { value, numbering };
      return numbering !== undefined && classes?.numbering === numbering;
    },
    falsehood: b.scalar('boolean', 0),
    table(classes, perClass) {
      if (!(perClass >= (scalarOf(nms.inputs[2]) ?? Infinity))) return undefined;
      const key = `${classes},${perClass}`;
      const list = tables.get(key) ?? { kind: 'table', classes, perClass };
      tables.set(key, list);
      return list;
    },
    first(of, count) {
      if (of.kind !== 'sorted') return undefined;
      taken ??= { list: of, first: { kind: 'first', of }, count };
      required = Math.max(required, count);
      return taken.list === of && taken.count === count ? taken.first : undefined;
    },
    requireRows: limit => void (required = Math.max(required, limit)),
    requireTrue: condition => void conditions.push(condition),
  };
  const selected: RowList = { kind: 'selected' };
  nms.outputs.slice(0, 2).forEach(output => meanings.set(output, { kind: 'rows', list: selected, axes: 1 }));
  /** The value of the rows that are taken, as soon as a value has no others. */
  const settle = (value: Value, meaning: Meaning): Meaning | undefined => {
    if (meaning.kind !== 'rows' || meaning.list.kind !== 'first' || meaning.pointsTo !== undefined) return meaning;
    meanings.set(value, meaning);
    const rows = emitter === undefined ? pick(taken!.list, taken!.count, known) : undefined;
    if (rows !== undefined) emitter = new RowEmitter(b, nms.outputs, known, rows);
    const emitted = emitter?.emit(value);
    return emitted === undefined ? undefined : { kind: 'plain', value: emitted };
  };
  for (const node of nodes) {
    if (node === nms) continue;
    b.origin = node.name;
    const inputs = node.inputs.map(meaningOf);
    const plain = inputs.flatMap(meaning => (meaning.kind === 'plain' ? [meaning.value] : []));
    const found =
      plain.length === inputs.length
        ? b.rebuild(node, plain).map((value): Meaning => ({ kind: 'plain', value }))
        : meaningsOf(node, context);
    if (found === undefined) return undefined;
    for (const [i, output] of node.outputs.entries()) {
      const meaning = settle(output, found[i]!);
      if (meaning === undefined) return undefined;
      meanings.set(output, meaning);
    }
  }
  return taken === undefined ? undefined : { meanings: known, taken: taken.list, required, conditions };
}
