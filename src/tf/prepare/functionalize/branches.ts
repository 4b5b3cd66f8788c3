import { scalar } from '../../../tensor/tensor.ts';
import type { TfNode } from '../../model.ts';
import { nodeOf, outputIndexOf } from '../../tensor-name.ts';
import { branchesBeyond, type Context, type Contexts, opposite } from './contexts.ts';
import { asNodeName, notFunctionalizable, dataOf } from './flow-ops.ts';

/** An output of a Merge: one of two tensors. */
export interface Choice {
  /** The output as the name of a node. */
  readonly name: string;
  readonly predicate: string;
  /** The tensor that it is where the predicate holds. */
  readonly then: string;
  readonly otherwise: string;
}

/** Constants for the second output of a Merge, which is the number of the input that it takes. */
export const INPUT_NUMBERS: readonly TfNode[] = [0, 1].map(number => ({
  name: `#${number}`,
  op: 'Const',
  inputs: [],
  attrs: new Map([
    ['value', { kind: 'tensor', value: { dtype: 'DT_INT32', shape: [], data: () => scalar('i32', number) } }],
  ]),
}));

/**
 * What an output of a Merge is.
 * @throws DecantError `unsupported` when nothing decides between its inputs
 */
export function choiceOf(tensor: string, merge: TfNode, contexts: Contexts): Choice {
  const [first, second, ...others] = dataOf(merge);
  if (first === undefined || second === undefined || others.length > 0) {
    throw notFunctionalizable(merge.name, `it merges ${dataOf(merge).length} values instead of two`);
  }
  const branch = decisiveBranch(contexts.of(first), contexts.of(second));
  if (branch === undefined) throw notFunctionalizable(merge.name, 'no single predicate decides which value it takes');
  const [yes, no] = outputIndexOf(tensor) === 0 ? [first, second] : [INPUT_NUMBERS[0]!.name, INPUT_NUMBERS[1]!.name];
  const name = asNodeName(tensor);
  return branch.startsWith('!')
    ? { name, predicate: opposite(branch), then: no, otherwise: yes }
    : { name, predicate: branch, then: yes, otherwise: no };
}

/** The outermost branch that the first of two values is in, and the second is not. */
function decisiveBranch(first: Context, second: Context): string | undefined {
  const [mine, theirs] = [branchesBeyond(first, second), branchesBeyond(second, first)];
  const contrary = mine.find(branch => second.has(opposite(branch)));
  if (contrary !== undefined) return contrary;
  // Values of different predicates exclude each other all the same, so that either predicate decides.
  if (mine.length === 1) return mine[0];
  return theirs.length === 1 ? opposite(theirs[0]!) : undefined;
}

/** A choice and the nodes in its branches. */
export interface OpenChoice extends Choice {
  readonly nodes: ReadonlySet<string>;
}

/**
 * Choices that one If can make: by the same predicate, with nodes in common, and none of them needing another.
 *
 * @param order what is around the choices, each node after its inputs; a choice stands in it as a node of its name
 */
export function groupChoices<C extends OpenChoice>(
  order: readonly TfNode[],
  choices: ReadonlyMap<string, C>,
): readonly (readonly C[])[] {
  const nodes = new Map(order.map(node => [node.name, node]));
  const groups: C[][] = [];
  const groupOf = new Map<string, C[]>();
  for (const { name } of order) {
    const choice = choices.get(name);
    if (choice === undefined) continue;
    let group = groups.findLast(
      members => members.some(member => shareWork(member, choice)) && !dependsOn(name, members, nodes, groupOf),
    );
    if (group === undefined) groups.push((group = []));
    group.push(choice);
    groupOf.set(name, group);
  }
  return groups;
}

const shareWork = (a: OpenChoice, b: OpenChoice): boolean =>
  a.predicate === b.predicate && [...a.nodes].some(node => b.nodes.has(node));

/** Whether a node needs one of a group. Who needs a choice needs whatever the whole of its group does. */
function dependsOn<C extends OpenChoice>(
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
