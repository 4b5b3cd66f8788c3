import { scalar } from '../../../tensor/tensor.ts';
import type { TfNode } from '../../model.ts';
import { nodeOf, outputIndexOf } from '../../tensor-name.ts';
import { branchesOnlyIn, type Context, type Contexts, otherBranch } from './contexts.ts';
import { asNodeName, dataOf, notFunctionalizable } from './flow-ops.ts';

export interface Conditional {
  readonly name: string;
  readonly predicate: string;
  readonly then: string;
  readonly otherwise: string;
}

/** For `value_index`, the second output of a Merge. */
export const VALUE_INDICES: readonly TfNode[] = [0, 1].map(number => ({
  name: `#${number}`,
  op: 'Const',
  inputs: [],
  attrs: new Map([
    ['value', { kind: 'tensor', value: { dtype: 'DT_INT32', shape: [], data: () => scalar('i32', number) } }],
  ]),
}));

export function conditionalOf(tensor: string, merge: TfNode, contexts: Contexts): Conditional {
  const inputs = dataOf(merge);
  const [first, second] = inputs;
  if (first === undefined || second === undefined || inputs.length > 2) {
    throw notFunctionalizable(merge.name, `Merge has ${inputs.length} inputs, expected 2`);
  }
  const branch = decisiveBranch(contexts.of(first), contexts.of(second));
  if (branch === undefined) throw notFunctionalizable(merge.name, 'no single predicate selects its input');
  const [yes, no] = outputIndexOf(tensor) === 0 ? [first, second] : VALUE_INDICES.map(({ name }) => name);
  const name = asNodeName(tensor);
  return branch.startsWith('!')
    ? { name, predicate: otherBranch(branch), then: no!, otherwise: yes! }
    : { name, predicate: branch, then: yes!, otherwise: no! };
}

function decisiveBranch(first: Context, second: Context): string | undefined {
  const ofFirst = branchesOnlyIn(first, second);
  const ofSecond = branchesOnlyIn(second, first);
  const opposite = ofFirst.find(branch => second.has(otherBranch(branch)));
  if (opposite !== undefined) return opposite;
  // The predicates differ, but a Merge receives only one of its inputs, so either predicate decides.
  if (ofFirst.length === 1) return ofFirst[0];
  return ofSecond.length === 1 ? otherBranch(ofSecond[0]!) : undefined;
}

export interface ExpandedConditional extends Conditional {
  readonly nodes: ReadonlySet<string>;
}

/**
 * Groups conditionals that one If can compute: same predicate, shared nodes, and independent of each other.
 *
 * @param order the nodes around the conditionals in topological order, with each conditional as a node of its name
 */
export function groupConditionals<C extends ExpandedConditional>(
  order: readonly TfNode[],
  conditionals: ReadonlyMap<string, C>,
): readonly (readonly C[])[] {
  const nodes = new Map(order.map(node => [node.name, node]));
  const groups: C[][] = [];
  const groupOf = new Map<string, C[]>();
  for (const { name } of order) {
    const conditional = conditionals.get(name);
    if (conditional === undefined) continue;
    let group = groups.findLast(
      members => members.some(member => shareNodes(member, conditional)) && !dependsOn(name, members, nodes, groupOf),
    );
    if (group === undefined) groups.push((group = []));
    group.push(conditional);
    groupOf.set(name, group);
  }
  return groups;
}

const shareNodes = (a: ExpandedConditional, b: ExpandedConditional): boolean =>
  a.predicate === b.predicate && [...a.nodes].some(node => b.nodes.has(node));

function dependsOn<C extends ExpandedConditional>(
  name: string,
  group: readonly C[],
  nodes: ReadonlyMap<string, TfNode>,
  groupOf: ReadonlyMap<string, readonly C[]>,
): boolean {
  const waiting = new Set([name]);
  for (const next of waiting) {
    const members = groupOf.get(next);
    if (members === group) return true;
    for (const member of members ?? []) waiting.add(member.name);
    for (const input of nodes.get(next)?.inputs ?? []) waiting.add(nodeOf(input));
  }
  return false;
}
