import type { TfModel } from '../model.ts';
import { decodeFlatbuffer } from '../../wire/flatbuffer.ts';
import { detectorFacts } from './detector-facts.ts';
import { readMetadata } from './metadata.ts';
import { liteModel } from './schema.ts';
import { toGraphs } from './to-graph.ts';

type LiteModel = Pick<TfModel, 'graph' | 'functions' | 'signatures' | 'detector'>;

/** Reads a TensorFlow Lite model. */
export async function readLiteModel(path: string, file: Uint8Array): Promise<LiteModel> {
  const model = decodeFlatbuffer(liteModel, file);
  const metadata = await readMetadata(path, file, model);
  const graphs = toGraphs(model, file, metadata.outputs);
  const detector = detectorFacts(graphs, metadata);
  return { ...graphs, detector };
}
