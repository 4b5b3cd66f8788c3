import type { Builder } from '../../builder.ts';
import { is, type Node, type Value } from '../../graph.ts';
import { CumSum } from '../../ops/arithmetic.ts';
import { Greater, LessEqual } from '../../ops/comparison.ts';
import { NonZero } from '../../ops/condition.ts';
import { Gather } from '../../ops/gather.ts';
import { LogicalNot, LogicalOr } from '../../ops/logical.ts';
import { TopK } from '../../ops/sort.ts';
import { convert, sizeAlong, squeeze } from '../../shorthand.ts';
import type { RowAnalysis } from './analyze-rows.ts';
import { lineage } from './row-list.ts';

/** Computes a node in another way, or not. */
export type Replace = (node: Node, inputs: readonly Value[]) => readonly Value[] | undefined;

/**
 * Sorts fewer rows of a table: those that the NMS selects, and as many fillers as the graph may return rows. Fillers are
 * alike, and come after the selected rows, so the first rows stay the same.
 *
 * @param threshold score that selected rows exceed, and fillers do not
 * @returns undefined if the rows are not in a table, or fillers are told apart
 */
export function shortenTable(
  b: Builder,
  nodes: readonly Node[],
  { meanings, taken, required, conditions }: RowAnalysis,
  threshold: number,
): Replace | undefined {
  const lists = lineage(taken);
  if (lists.at(-1)!.kind !== 'table') return undefined;
  const deciding = lists.flatMap(list =>
    list.kind === 'sorted' ? [list.key] : list.kind === 'filtered' ? [list.mask] : [],
  );
  const inside = new Set(nodes);
  const known = new Map<Node, boolean>();
  const tellsClasses = (node: Node): boolean => {
    const at = is(node, Gather) ? meanings.of(node.inputs[1]!) : undefined;
    const isLookup = at?.kind === 'rows' && at.pointsTo !== undefined && meanings.of(node.inputs[0]!).kind === 'plain';
    const tells = known.get(node) ?? (isLookup || node.inputs.some(x => inside.has(x.node) && tellsClasses(x.node)));
    known.set(node, tells);
    return tells;
  };
  if ([...deciding, ...conditions].some(({ node }) => tellsClasses(node))) return undefined;
  return (node, inputs) => {
    const list = lists.find(one => one.kind === 'sorted' && one.key === node.inputs[0]);
    if (!is(node, TopK) || list?.kind !== 'sorted') return undefined;
    const key = inputs[0]!;
    if (list.of.kind !== 'table') return b.rebuild(node, [key, sizeAlong(b, key, 0, 'i32')]);
    return sortSelected(b, node, key, required, threshold);
  };
}

/** The sorted rows of a table without most of its fillers, and their positions in the table. */
function sortSelected(b: Builder, topK: Node, key: Value, fillers: number, threshold: number): readonly Value[] {
  const isSelected = b.add(Greater, [key, b.scalar(key.type, threshold)]);
  const isFiller = convert(b, b.add(LogicalNot, [isSelected]), 'i32');
  const number = b.add(CumSum, [isFiller, b.scalar('i64', 0)]);
  const isKept = b.add(LogicalOr, [isSelected, b.add(LessEqual, [number, b.scalar('i32', fillers)])]);
  const positions = squeeze(b, b.add(NonZero, [isKept]), 0);
  const kept = b.add(Gather, [key, positions, b.scalar('i64', 0)]);
  const [values, order] = b.rebuild(topK, [kept, sizeAlong(b, kept, 0, 'i32')]) as readonly [Value, Value];
  const former = b.add(Gather, [positions, order, b.scalar('i64', 0)]);
  return [values, convert(b, former, topK.outputs[1]!.type)];
}
