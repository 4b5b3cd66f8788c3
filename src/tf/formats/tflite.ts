import { bytesAsText, readHead } from '../../source/read-text.ts';
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
  async load() {
    const { readLiteModel } = await import('../tflite/read-lite-model.ts');
    return async (source, path) => readLiteModel(path, await source.read(path));
  },
};
