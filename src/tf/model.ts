import type { Tensor } from '../tensor/tensor.ts';
import type { DataType } from './data-type.ts';

/** A static shape with -1 for an unknown size; `undefined` is an unknown rank. */
export type TfShape = readonly number[] | undefined;

/** A constant of the graph. `data()` decodes it on first use, because most constants of a SavedModel are never used. */
export interface TfTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  /** @throws DecantError when the bytes do not fit the shape or the type has no equal in OpenVINO */
  data(): Tensor;
}

/** A function by name with the values of its attributes. */
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

/** A node as the file gives it. `inputs` are `node`, `node:k`, `^control`; inside functions also `node:arg:k` and arguments. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attrs: TfAttrs;
}

/** Nodes by name, in the file's order. It may hold cycles: TF1 loop frames are cyclic. */
export type TfGraph = ReadonlyMap<string, TfNode>;

export interface TfArg {
  readonly name: string;
  /** The type, or the name of the attribute that holds it. */
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
  /** Output argument to the tensor inside the body that it returns. */
  readonly returns: ReadonlyMap<string, string>;
}

/** One input or output of a signature: the tensor in the graph behind a public name. */
export interface TensorInfo {
  readonly tensor: string;
  readonly dtype: DataType | undefined;
  readonly shape: TfShape;
}

export interface Signature {
  readonly inputs: ReadonlyMap<string, TensorInfo>;
  readonly outputs: ReadonlyMap<string, TensorInfo>;
}

/** Everything that a file says, before any of it is chosen or changed. */
export interface TfModel {
  /** The file's or folder's own name, without extension. */
  readonly name: string;
  /** The reader's name. */
  readonly format: string;
  readonly graph: TfGraph;
  readonly functions: ReadonlyMap<string, TfFunction>;
  /** Empty for a graph without signatures. */
  readonly signatures: ReadonlyMap<string, Signature>;
  /** What a checkpoint beside the graph holds, by the names of the nodes that are variables and by the names they share. */
  readonly variables?: ReadonlyMap<string, TfTensor>;
  /** The files in `assets/` from which tables are filled, by name and by the nodes that stand for their names. */
  readonly assets?: ReadonlyMap<string, Uint8Array>;
}
