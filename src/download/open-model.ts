import { localModel } from './local-model.ts';
import { openSource as openLocalSource } from '../platform/open-source.ts';
import type { Source } from '../source/source.ts';

/**
 * Opens a model as a source of files: a folder, an archive (`.tar`, `.tar.gz`, `.zip`, recognized by content), a file together
 * with those next to it, the name or URL of a model, which is downloaded first, or the bytes of an archive or a file.
 *
 * @param name name of bytes in errors
 * @throws DecantError `not-found`, `io`, `not-a-model` if a file is empty, `malformed` or `limit` for archives; as
 *   `downloadModel` does
 *
 * @example
 * ```ts
 * import { convertModel, openModel } from 'decant';
 *
 * const source = await openModel('saved_model.tar.gz');
 * console.log(await source.list());
 * await convertModel(source);
 * ```
 */
export const openModel = async (input: string | Uint8Array, name?: string): Promise<Source> =>
  openLocalSource(typeof input === 'string' ? await localModel(input) : input, name);
