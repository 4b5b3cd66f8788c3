import type { ElementType } from '../tensor/element-type.ts';
import type { DataType } from './data-type.ts';
import type { InputSize } from './input-spec.ts';
import type { TfGraph, TfNode } from './model.ts';

export interface InferenceInput {
  readonly name: string;
  readonly node: string;
  readonly dtype: DataType;
  /** The type it is fed as, if converted to `dtype` first. */
  readonly fedAs?: ElementType | undefined;
  readonly shape: readonly InputSize[] | undefined;
}

export interface InferenceOutput {
  readonly name: string;
  readonly tensor: string;
}

/** The body of a loop or branch. Arguments are tensors under their own names; `outputs` are `node`, `node:k` or arguments. */
export interface InferenceFunction {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly graph: TfGraph;
  readonly outputs: readonly string[];
}

/**
 * A model reduced to one signature: pruned to its outputs and acyclic, with the public inputs and outputs in the order of
 * the IR.
 */
export interface InferenceGraph {
  readonly name: string;
  readonly graph: TfGraph;
  readonly functions: ReadonlyMap<string, InferenceFunction>;
  readonly inputs: readonly InferenceInput[];
  readonly outputs: readonly InferenceOutput[];
  /** The requested batch of a model saved with batch 1, which `inputs` keep; -1 for dynamic. */
  readonly batch?: InputSize | undefined;
  readonly notes: readonly string[];
}

/** The nodes of a model, and of the loops and branches in it. */
export const nodesOf = ({ graph, functions }: InferenceGraph): readonly TfNode[] =>
  [graph, ...Array.from(functions.values(), body => body.graph)].flatMap(each => [...each.values()]);
