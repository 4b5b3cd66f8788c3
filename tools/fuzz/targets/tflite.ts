import { LITE_CASES } from '../../../test/tflite/lite-cases.ts';
import { fieldsOf, printBinary } from '../formats/binary.ts';
import { file, input, type Target } from '../target.ts';
import { list, type Tree } from '../tree.ts';
import { convert } from './support.ts';

/** Flatbuffers consist of 4-byte words: offsets, sizes, pairs of offsets of fields, and numbers. */
function parseWords(data: Uint8Array): Tree {
  const words = Array.from({ length: data.byteLength >> 2 }, (_, i) => [String(i), 'u32le'] as const);
  return list('words', 'words', fieldsOf(data, [...words, ['end', 'rest']]));
}

/** Larger models have the same tables, and longer weights. */
const MAX_BYTES = 2 ** 13;

export const tflite: Target = {
  name: 'tflite',
  about: 'TensorFlow Lite models, converted to IR',
  seeds: () =>
    Promise.resolve(
      LITE_CASES.filter(({ model }) => model.byteLength <= MAX_BYTES).map(
        ({ model }) =>
          () =>
            input(file('model.tflite', parseWords(model))),
      ),
    ),
  print: (_, content) => printBinary(content),
  run: convert,
};
