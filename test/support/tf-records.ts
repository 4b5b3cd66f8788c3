import type { Tensor } from '../../src/tensor/tensor.ts';
import type { DataType } from '../../src/tf/data-type.ts';
import type { AttrValue, Signature, TfFunction, TfGraph, TfModel, TfNode } from '../../src/tf/model.ts';

export type Attrs = Readonly<Record<string, AttrValue>>;

export const node = (name: string, op: string, inputs: readonly string[] = [], attrs: Attrs = {}): TfNode => ({
  name,
  op,
  inputs,
  attrs: new Map(Object.entries(attrs)),
});

export const graphOf = (...nodes: readonly TfNode[]): TfGraph => new Map(nodes.map(each => [each.name, each]));

export const type = (value: DataType): AttrValue => ({ kind: 'type', value });
export const int = (value: number): AttrValue => ({ kind: 'int', value });
export const text = (value: string): AttrValue => ({ kind: 'bytes', value: new TextEncoder().encode(value) });
export const func = (name: string, attrs: Attrs = {}): AttrValue => ({
  kind: 'func',
  value: { name, attrs: new Map(Object.entries(attrs)) },
});

export const constant = (name: string, dtype: DataType, tensor: Tensor): TfNode =>
  node(name, 'Const', [], {
    dtype: type(dtype),
    value: { kind: 'tensor', value: { dtype, shape: tensor.shape, data: () => tensor } },
  });

export const placeholder = (name: string, dtype: DataType = 'DT_FLOAT', shape?: readonly number[]): TfNode =>
  node(name, 'Placeholder', [], { dtype: type(dtype), ...(shape && { shape: { kind: 'shape', value: shape } }) });

export const call = (name: string, f: string, ...inputs: readonly string[]): TfNode =>
  node(name, 'PartitionedCall', inputs, { f: func(f) });

export const functionOf = (
  name: string,
  args: readonly string[],
  returns: Readonly<Record<string, string>>,
  ...nodes: readonly TfNode[]
): TfFunction => {
  const argument = { type: undefined, typeAttr: undefined, numberAttr: undefined, typeListAttr: undefined };
  return {
    name,
    inputs: args.map(each => ({ name: each, ...argument })),
    outputs: Object.keys(returns).map(each => ({ name: each, ...argument })),
    nodes: graphOf(...nodes),
    returns: new Map(Object.entries(returns)),
  };
};

export const signatureOf = (
  inputs: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, string>>,
): Signature => {
  const infos = (names: Readonly<Record<string, string>>): Signature['inputs'] =>
    new Map(Object.entries(names).map(([key, tensor]) => [key, { tensor, dtype: undefined, shape: undefined }]));
  return { inputs: infos(inputs), outputs: infos(outputs) };
};

interface Parts extends Omit<Partial<TfModel>, 'functions' | 'signatures'> {
  readonly functions?: readonly TfFunction[];
  readonly signatures?: Readonly<Record<string, Signature>>;
}

export const modelOf = (
  nodes: readonly TfNode[],
  { functions = [], signatures = {}, ...rest }: Parts = {},
): TfModel => ({
  name: 'model',
  format: 'records',
  graph: graphOf(...nodes),
  functions: new Map(functions.map(each => [each.name, each])),
  signatures: new Map(Object.entries(signatures)),
  ...rest,
});
