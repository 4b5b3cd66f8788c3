import { DecantError } from '../../../errors.ts';
import type { TfGraph, TfNode } from '../../model.ts';
import { originOf } from '../../origin-of.ts';
import { isControl, nodeOf, outputName, tensorName } from '../../tensor-name.ts';

const FLOW_OPS = ['Enter', 'Exit', 'LoopCond', 'Merge', 'NextIteration', 'Switch'] as const;

export type FlowOp = (typeof FLOW_OPS)[number];

const BY_NAME = new Map<string, FlowOp>(
  FLOW_OPS.flatMap(op => [
    [op, op],
    [`Ref${op}`, op],
  ]),
);

export const flowOp = (node: TfNode | undefined): FlowOp | undefined => BY_NAME.get(node?.op ?? '');

/** A tensor name as a node or argument name. `#` is unique: TensorFlow does not allow it in names. */
export const asNodeName = (tensor: string): string => tensorName(tensor).replace(':', '#');

export const dataOf = ({ inputs }: TfNode): readonly string[] =>
  inputs.filter(input => !isControl(input)).map(tensorName);

export function dataAt(node: TfNode, index: number): string {
  const tensor = dataOf(node)[index];
  if (tensor === undefined) throw new DecantError('malformed', `${node.op} '${node.name}' has no input ${index}`);
  return tensor;
}

/** A longer chain of copies is taken for a cycle. */
export const MAX_CHAIN = 1000;

export function predicateOf(graph: TfGraph, node: TfNode): { readonly tensor: string; readonly negated: boolean } {
  const copied = (tensor: string): string => {
    const origin = originOf(graph, tensor);
    return origin === undefined ? tensor : outputName(origin.node.name, origin.index);
  };
  let tensor = copied(dataAt(node, 1));
  let negated = false;
  for (let steps = 0; steps < MAX_CHAIN; steps++) {
    const source = graph.get(nodeOf(tensor));
    if (source?.op !== 'LogicalNot') break;
    tensor = copied(dataAt(source, 0));
    negated = !negated;
  }
  return { tensor, negated };
}

export const notFunctionalizable = (node: string, why: string): DecantError =>
  new DecantError('unsupported', `control flow at '${node}' cannot be functionalized: ${why}`, {
    remedy: 'Pass the SavedModel, or freeze the graph with lower_control_flow=False.',
  });
