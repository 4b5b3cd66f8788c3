import type { ElementType } from '../tensor/element-type.ts';
import type { DataType } from './data-type.ts';
import type { InputSize } from './input-spec.ts';
import type { TfGraph } from './model.ts';

/** A tensor of the graph behind a public name. */
export interface InferenceInput {
  readonly name: string;
  /** The node that the input takes the place of. */
  readonly node: string;
  readonly dtype: DataType;
  /** The type in which it is fed, where the graph's `dtype` is made of it first. */
  readonly fedAs?: ElementType | undefined;
  /** Undefined for an unknown rank. */
  readonly shape: readonly InputSize[] | undefined;
}

export interface InferenceOutput {
  readonly name: string;
  /** `node` or `node:k`. */
  readonly tensor: string;
}

/**
 * The body of a loop or branch. Its tensors are named as everywhere (`node`, `node:k`); its arguments are tensors by their
 * own names.
 */
export interface InferenceFunction {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly graph: TfGraph;
  /** `node`, `node:k` or an argument. */
  readonly outputs: readonly string[];
}

/**
 * A model of which one use is chosen: the graph holds just what its outputs need, without cycles, and every public name
 * stands in `inputs` and `outputs`, in the order in which the IR will have them.
 */
export interface InferenceGraph {
  readonly name: string;
  readonly graph: TfGraph;
  /** The bodies that loops and branches name; calls are inlined. */
  readonly functions: ReadonlyMap<string, InferenceFunction>;
  readonly inputs: readonly InferenceInput[];
  readonly outputs: readonly InferenceOutput[];
  /** The batch asked of a model that was saved for a batch of 1, of which its inputs keep the size; -1 for any. */
  readonly batch?: InputSize | undefined;
  /** What was decided that its user should know, as sentences. */
  readonly notes: readonly string[];
}
