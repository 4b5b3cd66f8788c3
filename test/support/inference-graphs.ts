import type { InferenceFunction, InferenceGraph } from '../../src/tf/inference-graph.ts';
import { inlineCalls } from '../../src/tf/prepare/inline-calls.ts';
import type { TfFunction, TfNode } from '../../src/tf/model.ts';
import { graphOf, modelOf } from './tf-records.ts';

interface Parts extends Omit<Partial<InferenceGraph>, 'functions'> {
  readonly functions?: readonly InferenceFunction[];
}

/** An inference graph whose outputs are named after their tensors. */
export const inferenceGraphOf = (
  nodes: readonly TfNode[],
  outputs: readonly string[],
  { functions = [], ...rest }: Parts = {},
): InferenceGraph => ({
  name: 'model',
  graph: graphOf(...nodes),
  functions: new Map(functions.map(body => [body.name, body])),
  inputs: [],
  outputs: outputs.map(tensor => ({ name: tensor, tensor })),
  notes: [],
  ...rest,
});

export const bodyOf = (
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  ...nodes: readonly TfNode[]
): InferenceFunction => ({ name, inputs, outputs, graph: graphOf(...nodes) });

export const lines = (graph: InferenceGraph['graph']): readonly string[] =>
  [...graph.values()].map(({ name, op, inputs }) => `${name} = ${op}(${inputs.join(', ')})`);

export const inlined = (
  nodes: readonly TfNode[],
  functions: readonly TfFunction[],
  ...outputs: readonly string[]
): InferenceGraph => inlineCalls(inferenceGraphOf(nodes, outputs), modelOf(nodes, { functions }));
