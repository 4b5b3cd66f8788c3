import type { Node, Op, Value } from '../graph.ts';
import type { RewriteContext, RewriteNode } from '../rewrite.ts';
import type { Change } from './change.ts';

/** Values that a rule follows from its node: bounds the depth of recursion. Preprocessing and heads are a few dozen ops. */
export const MOST_STEPS = 256;

export interface Rule extends Change {
  appliesTo(op: Op): boolean;
  readonly rewrite: RewriteNode;
}

type NodeOf<O> = O extends Op<infer C> ? Node<C> : never;

export function rule<O extends Op>(
  name: string,
  summary: string,
  ops: readonly O[],
  rewrite: (node: NodeOf<O>, context: RewriteContext) => readonly Value[] | undefined,
): Rule;
export function rule(name: string, summary: string, ops: (op: Op) => boolean, rewrite: RewriteNode): Rule;
export function rule(
  name: string,
  summary: string,
  ops: readonly Op[] | ((op: Op) => boolean),
  rewrite: RewriteNode,
): Rule {
  const appliesTo = typeof ops === 'function' ? ops : (op: Op): boolean => ops.includes(op);
  return { name, summary, appliesTo, rewrite };
}
