import type { Tensor } from '../tensor/tensor.ts';
import type { DataType } from './data-type.ts';

/** -1 for an unknown size; `undefined` for an unknown rank. */
export type TfShape = readonly number[] | undefined;

/** A constant. `data()` decodes on first use: most constants of a SavedModel are never used. */
export interface TfTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  /** Bytes that repeat one value, rather than take space in the file; 0 if missing. */
  readonly filledBytes?: number;
  /** Complex numbers are pairs of their parts along an added last axis. */
  data(): Tensor;
}

export interface TfFunctionCall {
  readonly name: string;
  readonly attrs: TfAttrs;
}

export type AttrValue =
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'type'; readonly value: DataType }
  | { readonly kind: 'shape'; readonly value: TfShape }
  | { readonly kind: 'tensor'; readonly value: TfTensor }
  | { readonly kind: 'func'; readonly value: TfFunctionCall }
  | { readonly kind: 'placeholder'; readonly value: string }
  | { readonly kind: 'list'; readonly value: readonly AttrValue[] };

export type TfAttrs = ReadonlyMap<string, AttrValue>;

/** A node as stored. `inputs` are `node`, `node:k`, `^control`; in functions also `node:arg:k` and argument names. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attrs: TfAttrs;
}

/** Nodes by name, in file order. May be cyclic: TensorFlow 1 loop frames are. */
export type TfGraph = ReadonlyMap<string, TfNode>;

export interface TfArg {
  readonly name: string;
  readonly type: DataType | undefined;
  readonly typeAttr: string | undefined;
  readonly numberAttr: string | undefined;
  readonly typeListAttr: string | undefined;
}

export interface TfFunction {
  readonly name: string;
  readonly inputs: readonly TfArg[];
  readonly outputs: readonly TfArg[];
  readonly nodes: TfGraph;
  readonly returns: ReadonlyMap<string, string>;
}

export interface TensorInfo {
  readonly tensor: string;
  readonly dtype: DataType | undefined;
  readonly shape: TfShape;
}

export interface Signature {
  readonly inputs: ReadonlyMap<string, TensorInfo>;
  readonly outputs: ReadonlyMap<string, TensorInfo>;
}

/** An image input takes (pixel - mean) / std, with one value of each, or one per channel. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** How the outputs of a detector become boxes and scores. */
export interface BoxDecoding {
  /** Boxes `[ymin, xmin, ymax, xmax]` as fractions of the image, which the boxes of the output are offsets from. */
  readonly anchors: readonly (readonly number[])[];
  /** Factors of the offsets of y, x, height and width. */
  readonly variances: readonly number[];
  /** Whether scores are logits. */
  readonly hasLogits: boolean;
}

/** What a file says about a detector beside its graph. */
export interface DetectorFacts {
  /** Class names by id, undefined for unused ids. */
  readonly labels?: readonly (string | undefined)[];
  /** The number of classes, without a background. */
  readonly classCount?: number;
  readonly normalization?: Normalization;
  /** Of a detector without NMS. */
  readonly decoding?: BoxDecoding;
}

/** `variables` are by node and by shared name, `assets` by file name in `assets/` and by the node that holds the name. */
export interface TfModel {
  readonly name: string;
  readonly format: string;
  readonly graph: TfGraph;
  readonly functions: ReadonlyMap<string, TfFunction>;
  readonly signatures: ReadonlyMap<string, Signature>;
  readonly variables?: ReadonlyMap<string, TfTensor>;
  readonly assets?: ReadonlyMap<string, Uint8Array>;
  /** What the file calls inputs and outputs that have another name in the signature. */
  readonly names?: ReadonlyMap<string, string>;
  readonly detector?: DetectorFacts;
}
