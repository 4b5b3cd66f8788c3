import { DecantError } from '../../errors.ts';
import { attrInt, attrString } from '../attrs.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import type { TfGraph, TfModel, TfNode, TfTensor } from '../model.ts';
import { VARIABLES } from '../variable-ops.ts';

/** Ops that read a variable, and what they become on its value. */
export const READS: ReadonlyMap<string, string> = new Map([
  ['ReadVariableOp', 'Identity'],
  ['ResourceGather', 'Gather'],
  ['ResourceGatherNd', 'GatherNd'],
  ['VariableShape', 'Shape'],
]);

/** Inference does not assign to variables, so they become constants. */
export function freezeVariables(model: InferenceGraph, { variables }: Pick<TfModel, 'variables'>): InferenceGraph {
  const freeze = (graph: TfGraph): TfGraph =>
    new Map([...graph].map(([name, node]) => [name, frozen(node, variables)]));
  const functions = [...model.functions].map(([name, body]) => [name, { ...body, graph: freeze(body.graph) }] as const);
  return { ...model, graph: freeze(model.graph), functions: new Map(functions) };
}

function frozen(node: TfNode, variables: TfModel['variables']): TfNode {
  if (VARIABLES.has(node.op)) return constantFor(node, variables);
  const op = READS.get(node.op);
  if (op === undefined) return node;
  if (attrInt(node, 'batch_dims', 0) !== 0) {
    throw new DecantError('unsupported', `${node.op} '${node.name}' with batch_dims is not supported`, {
      remedy: 'Read the variable first in the model: tf.gather(tf.convert_to_tensor(variable), ..., batch_dims=...).',
    });
  }
  return { ...node, op };
}

function constantFor(node: TfNode, variables: TfModel['variables']): TfNode {
  // A handle inside a function refers to a variable by its shared name.
  const value = variables?.get(node.name) ?? variables?.get(attrString(node, 'shared_name', ''));
  if (value === undefined) throw withoutValue(node, variables);
  return { name: node.name, op: 'Const', inputs: [], attrs: new Map([['value', { kind: 'tensor', value }]]) };
}

const withoutValue = ({ name }: TfNode, variables: ReadonlyMap<string, TfTensor> | undefined): DecantError =>
  variables === undefined
    ? new DecantError('not-found', `variable '${name}' has no value: there is no checkpoint beside the graph`, {
        remedy: 'Pass the whole SavedModel folder, a frozen graph, or the .meta file of a checkpoint.',
      })
    : new DecantError('not-found', `variable '${name}' has no value in the checkpoint`, {
        remedy: 'Pass the graph with the checkpoint that was saved with it.',
      });
