import { decodeBinary } from '../../wire/binary.ts';
import { map, message, one, optional, type RecordOf, repeated } from '../../wire/message.ts';
import type { Signature, TfFunction, TfGraph } from '../model.ts';
import { graphDef, toGraph } from './graph-def.ts';
import { signatureDef, tensorInfo, toSignature } from './signature-def.ts';

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

export const parseMetaGraph = (bytes: Uint8Array): MetaGraph => toMetaGraph(decodeBinary(metaGraphDef, bytes));

export function toMetaGraph(def: RecordOf<typeof metaGraphDef>): MetaGraph {
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
