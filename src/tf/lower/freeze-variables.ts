import { DecantError } from '../../errors.ts';
import type { ClosedModel } from '../closed-model.ts';
import type { TfGraph, TfNode, TfTensor } from '../model.ts';

/** Nodes that are a variable. */
const VARIABLES = new Set(['VarHandleOp', 'VariableV2', 'Variable']);

/** Variables are constants, and reading one gives it: nothing assigns to them in inference. */
export function freezeVariables(model: ClosedModel, variables: ReadonlyMap<string, TfTensor>): ClosedModel {
  const freeze = (graph: TfGraph): TfGraph =>
    new Map([...graph].map(([name, node]) => [name, frozen(node, variables)]));
  const functions = [...model.functions].map(([name, body]) => [name, { ...body, graph: freeze(body.graph) }] as const);
  return { ...model, graph: freeze(model.graph), functions: new Map(functions) };
}

function frozen(node: TfNode, variables: ReadonlyMap<string, TfTensor>): TfNode {
  switch (node.op) {
    case 'ReadVariableOp':
      return { ...node, op: 'Identity' };
    case 'ResourceGather':
      return { ...node, op: 'Gather' };
    case 'ResourceGatherNd':
      return { ...node, op: 'GatherNd' };
    default:
      return VARIABLES.has(node.op) ? constantFor(node, variables) : node;
  }
}

function constantFor({ name }: TfNode, variables: ReadonlyMap<string, TfTensor>): TfNode {
  const value = variables.get(name);
  if (value === undefined) {
    throw new DecantError('malformed', `variable '${name}' has no value in the checkpoint`, {
      remedy: 'Give the whole SavedModel folder, with the variables that were saved with the graph.',
    });
  }
  return { name, op: 'Const', inputs: [], attrs: new Map([['value', { kind: 'tensor', value }]]) };
}
