import { readHead } from '../../source/read-text.ts';
import { matchingFiles, type Reader } from './reader.ts';
import { HEAD_BYTES, isSavedModel, isTextSavedModel } from './saved-model-head.ts';

export const savedModel: Reader = {
  name: 'saved-model',
  looksFor: 'a SavedModel (saved_model.pb or .pbtxt, and variables/)',
  async matches(source) {
    const test = (is: (head: Uint8Array) => boolean) => async (path: string) =>
      is(await readHead(source, path, HEAD_BYTES));
    const binary = await matchingFiles(source, /\.pb$/i, test(isSavedModel));
    // TensorFlow, too, reads the text only without the binary file.
    return binary.length > 0 ? binary : matchingFiles(source, /\.pbtxt$/i, test(isTextSavedModel));
  },
  load: async () => (await import('./read-saved-model.ts')).readSavedModel,
};
