import { bytesAsText, readHead } from '../../source/read-text.ts';
import { decodeFlatbuffer } from '../../wire/flatbuffer.ts';
import { liteModel } from '../tflite/schema.ts';
import { detectorFacts } from '../tflite/detector-facts.ts';
import { readMetadata } from '../tflite/metadata.ts';
import { toGraphs } from '../tflite/to-graph.ts';
import { modelName } from './model-name.ts';
import { matchingFiles, type Reader } from './reader.ts';

/** Offset of the root table, then the file identifier. */
const HEAD_BYTES = 8;

export const tflite: Reader = {
  name: 'tflite',
  looksFor: 'a TensorFlow Lite model (.tflite)',
  matches: source =>
    matchingFiles(source, /\.tflite$/i, async path =>
      /^.{4}TFL3/s.test(bytesAsText(await readHead(source, path, HEAD_BYTES))),
    ),
  async read(source, path) {
    const file = await source.read(path);
    const model = decodeFlatbuffer(liteModel, file);
    const graphs = toGraphs(model, file);
    const detector = detectorFacts(graphs, await readMetadata(path, file, model));
    return { name: modelName(source), format: tflite.name, functions: new Map(), ...graphs, detector };
  },
};
