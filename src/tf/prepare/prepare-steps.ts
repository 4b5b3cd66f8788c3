import type { FrozenValue } from '../frozen-value.ts';
import { type InferenceGraph, nodesOf } from '../inference-graph.ts';
import { LOOKUPS } from '../lookup-ops.ts';
import type { TfModel } from '../model.ts';
import { freezeVariables } from './freeze-variables.ts';
import { functionalizeControlFlow } from './functionalize/functionalize-control-flow.ts';
import { functionsNamedIn, prune } from './prune.ts';
import { type IoOptions, selectIo } from './select-io.ts';
import type { SignatureOptions } from './select-signature.ts';
import { withoutControlInputs } from './without-control-inputs.ts';

export interface PrepareOptions extends IoOptions, SignatureOptions {
  /** Inputs to replace by constants: values by the names of inputs or placeholders. */
  readonly freeze?: ReadonlyMap<string, FrozenValue>;
}

interface PrepareStep {
  readonly name: string;
  run(graph: InferenceGraph, model: TfModel, options: PrepareOptions): InferenceGraph | Promise<InferenceGraph>;
}

/**
 * Reduces a model to what one signature needs: no calls, no variables, no unused nodes.
 *
 * Frozen inputs come first: a branch that they choose is never needed. Control flow comes next: it depends on control inputs, and no other step handles cycles. Pruning before and after
 * inlining keeps inlining cheap. Inputs and outputs are selected once all tensors have their final names, and before
 * variables need values. What few models need is loaded for them.
 */
export const PREPARE_STEPS: readonly PrepareStep[] = [
  {
    name: 'freeze-inputs',
    async run(graph, _model, { freeze = new Map() }) {
      return freeze.size === 0 ? graph : (await import('./freeze-inputs.ts')).freezeInputs(graph, freeze);
    },
  },
  { name: 'functionalize-control-flow', run: functionalizeControlFlow },
  { name: 'prune', run: prune },
  {
    name: 'inline-calls',
    async run(graph, model) {
      const isNeeded = [...model.functions.keys(), ...functionsNamedIn(graph.graph)].length > 0;
      return isNeeded ? (await import('./inline-calls.ts')).inlineCalls(graph, model) : withoutControlInputs(graph);
    },
  },
  {
    name: 'freeze-tables',
    async run(graph, model) {
      const isNeeded = nodesOf(graph).some(({ op }) => LOOKUPS.has(op));
      return isNeeded ? (await import('./freeze-tables.ts')).freezeTables(graph, model) : graph;
    },
  },
  { name: 'prune', run: prune },
  {
    name: 'strip-image-decoding',
    async run(graph) {
      const isNeeded = graph.inputs.some(({ dtype }) => dtype === 'DT_STRING');
      return isNeeded ? (await import('./strip-image-decoding.ts')).stripImageDecoding(graph) : graph;
    },
  },
  { name: 'select-io', run: (graph, _model, options) => selectIo(graph, options) },
  { name: 'freeze-variables', run: freezeVariables },
];
