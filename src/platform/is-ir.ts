import { stat } from 'node:fs/promises';
import { fileError } from './file-error.ts';
import { openFile } from './open-file.ts';

/** Covers an XML declaration, a comment and the name of the root element. */
const HEAD_BYTES = 1024;

const IR_HEAD = /^\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<net[\s>]/s;

export async function isIr(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    await using file = await openFile(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return IR_HEAD.test(new TextDecoder().decode(buffer.subarray(0, bytesRead)));
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}
