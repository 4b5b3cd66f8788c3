import {
  bytes,
  child,
  children,
  defaultsOf,
  numbers,
  type RecordOf,
  reference,
  scalar,
  table,
  type TableType,
  text,
} from '../../wire/flatbuffer.ts';

/** Field ids are those of TensorFlow Lite's schema, version 3. */

const quantization = table('QuantizationParameters', {
  scale: numbers(2, 'float'),
  zeroPoint: numbers(3, 'int64'),
  axis: scalar(6, 'int32'),
});

const dimension = table('DimensionMetadata', {
  format: scalar(0, 'int8'),
  size: scalar(1, 'int32'),
  segmentsType: scalar(2, 'uint8'),
  segments: reference(3),
  indicesType: scalar(4, 'uint8'),
  indices: reference(5),
});

const sparsity = table('SparsityParameters', {
  order: numbers(0, 'int32'),
  blockMap: numbers(1, 'int32'),
  dimensions: children(2, dimension),
});

const tensor = table('Tensor', {
  shape: numbers(0, 'int32'),
  type: scalar(1, 'int8'),
  buffer: scalar(2, 'uint32'),
  name: text(3),
  quantization: child(4, quantization),
  isVariable: scalar(5, 'bool'),
  sparsity: child(6, sparsity),
  /** `shape` with -1 for sizes that are not known. */
  signature: numbers(7, 'int32'),
  externalBuffer: scalar(10, 'uint32'),
});

const operator = table('Operator', {
  code: scalar(0, 'uint32'),
  /** Indices of tensors; -1 for an optional input that is left out. */
  inputs: numbers(1, 'int32'),
  outputs: numbers(2, 'int32'),
  options: reference(4),
  customOptions: bytes(5),
  customOffset: scalar(9, 'uint64'),
  customSize: scalar(10, 'uint64'),
});

const subgraph = table('SubGraph', {
  tensors: children(0, tensor),
  inputs: numbers(1, 'int32'),
  outputs: numbers(2, 'int32'),
  operators: children(3, operator),
});

const namedTensor = table('TensorMap', { name: text(0), tensor: scalar(1, 'uint32') });

export const liteModel = table('Model', {
  version: scalar(0, 'uint32'),
  codes: children(
    1,
    table('OperatorCode', { deprecated: scalar(0, 'int8'), custom: text(1), builtin: scalar(3, 'int32') }),
  ),
  subgraphs: children(2, subgraph),
  buffers: children(4, table('Buffer', { data: bytes(0), offset: scalar(1, 'uint64'), size: scalar(2, 'uint64') })),
  metadata: children(6, table('Metadata', { name: text(0), buffer: scalar(1, 'uint32') })),
  signatures: children(
    7,
    table('SignatureDef', {
      inputs: children(0, namedTensor),
      outputs: children(1, namedTensor),
      key: text(2),
      subgraph: scalar(4, 'uint32'),
    }),
  ),
});

export type LiteModel = RecordOf<typeof liteModel>;
export type Subgraph = RecordOf<typeof subgraph>;
export type StoredTensor = RecordOf<typeof tensor>;
export type StoredOperator = RecordOf<typeof operator>;
export type Sparsity = RecordOf<typeof sparsity>;

/** Returns the options of an op, which has all defaults if it stores none. */
export const optionsOf = <T extends object>({ options }: StoredOperator, type: TableType<T>): T =>
  options?.decode(type) ?? defaultsOf(type);
