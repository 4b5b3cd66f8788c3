import { openFile } from '../platform/open-file.ts';

/** Each packet of a video has zeros in its header. */
const START_BYTES = 4096;

/** Returns whether a file starts without zero bytes, as text does; false if it cannot be read. */
export async function isText(path: string): Promise<boolean> {
  try {
    await using file = await openFile(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return !buffer.subarray(0, bytesRead).includes(0);
  } catch {
    return false;
  }
}
