import { bytesAsText } from '../../source/read-text.ts';
import { decodeBinary } from '../../wire/binary.ts';
import { decodeText } from '../../wire/decode-text.ts';
import { map, message, one, optional, type RecordOf, repeated } from '../../wire/message.ts';
import { parsePbtxt } from '../../wire/pbtxt.ts';
import type { Signature, TensorInfo, TfFunction, TfGraph } from '../model.ts';
import { graphDef, toGraph } from './graph-def.ts';
import { findDataType } from './read-data-type.ts';
import { tensorShapeProto, toShape } from './tensor-proto.ts';

const tensorInfo = message('TensorInfo', {
  name: one(1, 'string'),
  dtype: one(2, 'enum'),
  tensorShape: optional(3, tensorShapeProto),
});

export const signatureDef = message('SignatureDef', {
  inputs: map(1, tensorInfo),
  outputs: map(2, tensorInfo),
});

export const metaGraphDef = message('MetaGraphDef', {
  metaInfoDef: optional(
    1,
    message('MetaInfoDef', { tags: repeated(4, 'string'), tensorflowVersion: one(5, 'string') }),
  ),
  graphDef: optional(2, graphDef),
  saverDef: optional(3, message('SaverDef', { restoreOpName: optional(3, 'string') })),
  signatureDef: map(5, signatureDef),
  assetFileDef: repeated(
    6,
    message('AssetFileDef', { tensorInfo: optional(1, tensorInfo), filename: one(2, 'string') }),
  ),
  objectGraphDef: optional(7, message('SavedObjectGraph', {})),
});

export const savedModelDef = message('SavedModel', { metaGraphs: repeated(2, metaGraphDef) });

export interface MetaGraph {
  readonly tags: readonly string[];
  readonly tensorflowVersion: string;
  readonly graph: TfGraph;
  readonly functions: ReadonlyMap<string, TfFunction>;
  readonly signatures: ReadonlyMap<string, Signature>;
  readonly assetFiles: ReadonlyMap<string, string>;
  readonly restoreOp: string | undefined;
  /** False in SavedModels of TensorFlow 1. */
  readonly hasObjects: boolean;
}

export const parseSavedModel = (bytes: Uint8Array): readonly MetaGraph[] =>
  decodeBinary(savedModelDef, bytes).metaGraphs.map(toMetaGraph);

export const parseTextSavedModel = (text: string): readonly MetaGraph[] =>
  decodeText(savedModelDef, parsePbtxt(text)).metaGraphs.map(toMetaGraph);

export const parseMetaGraph = (bytes: Uint8Array): MetaGraph => toMetaGraph(decodeBinary(metaGraphDef, bytes));

function toMetaGraph(def: RecordOf<typeof metaGraphDef>): MetaGraph {
  return {
    tags: def.metaInfoDef?.tags ?? [],
    tensorflowVersion: def.metaInfoDef?.tensorflowVersion ?? '',
    ...toGraph(def.graphDef ?? graphDef.create()),
    signatures: new Map([...def.signatureDef].map(([key, signature]) => [key, toSignature(signature)])),
    assetFiles: new Map(def.assetFileDef.map(({ tensorInfo: info, filename }) => [info?.name ?? '', filename])),
    restoreOp: def.saverDef?.restoreOpName,
    hasObjects: def.objectGraphDef !== undefined,
  };
}

export const toSignature = ({ inputs, outputs }: RecordOf<typeof signatureDef>): Signature => ({
  inputs: toTensorInfos(inputs),
  outputs: toTensorInfos(outputs),
});

const toTensorInfos = (records: ReadonlyMap<string, RecordOf<typeof tensorInfo>>): ReadonlyMap<string, TensorInfo> =>
  new Map(
    [...records].map(([key, { name, dtype, tensorShape }]) => [
      key,
      { tensor: name, dtype: findDataType(dtype), shape: tensorShape && toShape(tensorShape) },
    ]),
  );

/** Schema version 1, then a MetaGraph, which starts with a message. */
export const isSavedModel = (head: Uint8Array): boolean =>
  /^\x08\x01\x12[\x80-\xff]*[\0-\x7f]\x0a/.test(bytesAsText(head.subarray(0, 16)));

export const isTextSavedModel = (head: Uint8Array): boolean =>
  /^(?:\s|#.*\n)*(?:saved_model_schema_version|meta_graphs)\b/.test(bytesAsText(head));
