import { localModel } from './local-model.ts';
import { openSource as openLocalSource } from '../platform/open-source.ts';
import type { Source } from '../source/source.ts';

/**
 * What the user gave, as a source: a folder, an archive (`.tar`, `.tar.gz`, `.zip`, recognised by content), or one file
 * with those beside it; the name or URL of a model, which is downloaded first; or the bytes of an archive or a file.
 *
 * @param name what errors call bytes
 * @throws DecantError `not-found`, `io`, `not-a-model` for an empty file, `malformed` and `limit` for archives; those of
 * `downloadModel`
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
