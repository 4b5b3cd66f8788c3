import { DecantError } from '../errors.ts';
import { fileError } from './file-error.ts';
import { openFile } from './open-file.ts';

/** Reads a regular file. @throws DecantError `not-found`, `io`, and `limit` if it has more than `maxBytes` */
export async function readFile(path: string, maxBytes = Infinity): Promise<Buffer> {
  try {
    await using file = await openFile(path);
    const { size } = await file.stat();
    if (size > maxBytes) throw tooLarge(path, maxBytes);
    return await file.readFile();
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

export const tooLarge = (path: string, maxBytes: number): DecantError =>
  new DecantError('limit', `'${path}' is too large: the maximum is ${maxBytes} bytes`);
