import type { HeadDescription } from '../detect/heads/head-description.ts';
import { parseHeadDescription } from '../detect/heads/parse-head-description.ts';
import { DecantError, within } from '../errors.ts';
import { readTextFile } from '../platform/read-text-file.ts';

/** @throws DecantError `not-found`, `malformed` if it is not JSON, `invalid-argument` */
export async function readHeadDescription(path: string): Promise<HeadDescription> {
  const text = await readTextFile(path);
  return within(`reading ${path}`, () => parseHeadDescription(parseJson(text)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DecantError('malformed', `it is not JSON: ${(cause as Error).message}`, { cause });
  }
}
