import { DecantError } from '../../../errors.ts';
import type { TfGraph, TfNode } from '../../model.ts';
import { isControl, nodeOf, outputIndexOf } from '../../tensor-name.ts';

/** The ops of TensorFlow 1's control flow, through which values go in cycles or do not go at all. */
const FLOW_OPS = ['Enter', 'Exit', 'LoopCond', 'Merge', 'NextIteration', 'Switch'] as const;

export type FlowOp = (typeof FLOW_OPS)[number];

/** Variables have forms of their own, which do the same. */
const BY_NAME = new Map<string, FlowOp>(
  FLOW_OPS.flatMap(op => [
    [op, op],
    [`Ref${op}`, op],
  ]),
);

/** Which op of control flow a node is, if it is one. */
export const flowOp = (node: TfNode | undefined): FlowOp | undefined => BY_NAME.get(node?.op ?? '');

/** The one name of a tensor: `node`, or `node:k` from the second output on. */
export function tensorName(tensor: string): string {
  const index = outputIndexOf(tensor);
  return index === 0 ? nodeOf(tensor) : `${nodeOf(tensor)}:${index}`;
}

/** A tensor's name as that of a node or argument: TensorFlow has no `#` in its names. */
export const asNodeName = (tensor: string): string => tensorName(tensor).replace(':', '#');

/** The tensors that a node computes with. */
export const dataOf = ({ inputs }: TfNode): readonly string[] =>
  inputs.filter(input => !isControl(input)).map(tensorName);

/** @throws DecantError `malformed` when the node has no such input */
export function dataAt(node: TfNode, index: number): string {
  const tensor = dataOf(node)[index];
  if (tensor === undefined) throw new DecantError('malformed', `${node.op} '${node.name}' has no input ${index}`);
  return tensor;
}

/** Copies of copies: what is longer goes in a circle. */
export const LONGEST_CHAIN = 1000;

/** The tensor that `tensor` is a copy of. */
export function behindIdentities(graph: TfGraph, tensor: string): string {
  let current = tensor;
  for (let steps = 0; steps < LONGEST_CHAIN; steps++) {
    const node = graph.get(nodeOf(current));
    if (node?.op !== 'Identity') break;
    current = dataAt(node, 0);
  }
  return current;
}

/** The predicate of a Switch in its plainest form: neither a copy nor a negation, which `negated` tells instead. */
export function predicateOf(graph: TfGraph, node: TfNode): { readonly tensor: string; readonly negated: boolean } {
  let tensor = behindIdentities(graph, dataAt(node, 1));
  let negated = false;
  for (let steps = 0; steps < LONGEST_CHAIN; steps++) {
    const source = graph.get(nodeOf(tensor));
    if (source?.op !== 'LogicalNot') break;
    tensor = behindIdentities(graph, dataAt(source, 0));
    negated = !negated;
  }
  return { tensor, negated };
}

/** What is thrown where control flow has a form that While and If cannot express. */
export const notFunctionalizable = (node: string, why: string): DecantError =>
  new DecantError('unsupported', `the control flow at '${node}' is neither a loop nor a branch: ${why}`, {
    remedy: 'Give the SavedModel, or freeze the graph with lower_control_flow=False.',
  });

/** The tensor that is output `index` of a node. */
export const tensorOf = (node: string, index: number): string => (index === 0 ? node : `${node}:${index}`);
