import { DecantError } from '../../errors.ts';
import { attrInt, attrString } from '../attrs.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import type { TfGraph, TfModel, TfNode, TfTensor } from '../model.ts';
import { VARIABLES } from '../variable-ops.ts';

/** Ops that take a variable where others take its value, and these others. */
const READS: ReadonlyMap<string, string> = new Map([
  ['ReadVariableOp', 'Identity'],
  ['ResourceGather', 'Gather'],
  ['ResourceGatherNd', 'GatherNd'],
  ['VariableShape', 'Shape'],
]);

/** Variables are constants, and reading one gives it: nothing assigns to them in inference. */
export function freezeVariables(closed: InferenceGraph, { variables }: Pick<TfModel, 'variables'>): InferenceGraph {
  const freeze = (graph: TfGraph): TfGraph =>
    new Map([...graph].map(([name, node]) => [name, frozen(node, variables)]));
  const functions = [...closed.functions].map(
    ([name, body]) => [name, { ...body, graph: freeze(body.graph) }] as const,
  );
  return { ...closed, graph: freeze(closed.graph), functions: new Map(functions) };
}

function frozen(node: TfNode, variables: TfModel['variables']): TfNode {
  if (VARIABLES.has(node.op)) return constantFor(node, variables);
  const op = READS.get(node.op);
  if (op === undefined) return node;
  if (attrInt(node, 'batch_dims', 0) !== 0) {
    throw new DecantError('unsupported', `${node.op} '${node.name}' has batch_dims`);
  }
  return { ...node, op };
}

function constantFor(node: TfNode, variables: TfModel['variables']): TfNode {
  // A handle inside of a function stands for the variable of the same shared name.
  const value = variables?.get(node.name) ?? variables?.get(attrString(node, 'shared_name', ''));
  if (value === undefined) throw withoutValue(node, variables);
  return { name: node.name, op: 'Const', inputs: [], attrs: new Map([['value', { kind: 'tensor', value }]]) };
}

const withoutValue = ({ name }: TfNode, variables: ReadonlyMap<string, TfTensor> | undefined): DecantError =>
  variables === undefined
    ? new DecantError('malformed', `variable '${name}' has no value: there is no checkpoint beside the graph`, {
        remedy: 'Give the whole folder of the SavedModel, or a frozen graph.',
      })
    : new DecantError('malformed', `variable '${name}' has no value in the checkpoint`, {
        remedy: 'Give the graph with the checkpoint that was saved with it.',
      });
