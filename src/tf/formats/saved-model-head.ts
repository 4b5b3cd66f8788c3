import { bytesAsText } from '../../source/read-text.ts';

/** Enough to tell the binary format from the text. */
export const HEAD_BYTES = 1024;

/** Schema version 1, then a MetaGraph, which starts with a message. */
export const isSavedModel = (head: Uint8Array): boolean =>
  /^\x08\x01\x12[\x80-\xff]*[\0-\x7f]\x0a/.test(bytesAsText(head.subarray(0, 16)));

export const isTextSavedModel = (head: Uint8Array): boolean =>
  /^(?:\s|#.*\n)*(?:saved_model_schema_version|meta_graphs)\b/.test(bytesAsText(head));
