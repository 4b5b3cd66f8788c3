import { open, stat } from 'node:fs/promises';
import { fileError } from './file-error.ts';

/** Enough for an XML declaration, a comment, and the root element's name. */
const HEAD_BYTES = 1024;

/** The root element of an IR, behind what may stand before it in a file of XML. */
const BEGINS_AS_IR = /^\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<net[\s>]/s;

/** Whether the file at `path` is an OpenVINO IR, seen from its content. @throws DecantError when it cannot be read */
export async function isIr(path: string): Promise<boolean> {
  try {
    // A folder is none, and opening a pipe would wait for its writer.
    if (!(await stat(path)).isFile()) return false;
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return BEGINS_AS_IR.test(new TextDecoder().decode(buffer.subarray(0, bytesRead)));
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}
