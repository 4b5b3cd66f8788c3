import type { Node, Op } from '../../graph.ts';
import { LENGTH_RULES } from './length-rules.ts';
import { LIST_RULES, rowByRow } from './list-rules.ts';
import type { MeaningRule, RowContext } from './meaning-rule.ts';
import type { Meaning } from './row-list.ts';
import { TABLE_RULES } from './table-rules.ts';

const RULES = new Map<Op, MeaningRule[]>();
for (const [op, rule] of [...TABLE_RULES, ...LENGTH_RULES, ...LIST_RULES]) {
  RULES.set(op, [...(RULES.get(op) ?? []), rule]);
}

/** Returns what the outputs of a node are, if a rule knows it. */
export function meaningsOf(node: Node, context: RowContext): readonly Meaning[] | undefined {
  const { elementwise, broadcast } = node.op.traits ?? {};
  const general = elementwise === true && broadcast !== 'first' ? [rowByRow] : [];
  for (const rule of [...(RULES.get(node.op) ?? []), ...general]) {
    const found = rule(node, context);
    if (found !== undefined) return 'kind' in found ? node.outputs.map(() => found) : found;
  }
  return undefined;
}
