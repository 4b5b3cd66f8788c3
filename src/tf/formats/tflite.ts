import { bytesAsText, readHead } from '../../source/read-text.ts';
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
    const { readLiteModel } = await import('../tflite/read-lite-model.ts');
    return { name: modelName(source), format: tflite.name, ...(await readLiteModel(path, await source.read(path))) };
  },
};
