import { checkArgument, either, kind, optional, text } from '../check.ts';
import { type Bytes, isBytes, readBytes } from '../source/bytes.ts';
import { localModel } from './local-model.ts';
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
export async function openModel(input: string | Bytes, name?: string): Promise<Source> {
  checkArgument(input, 'the model', either('a path, a name, a URL or bytes', text, bytes));
  checkArgument(name, 'the name', optional(text));
  const model = typeof input === 'string' ? await localModel(input) : await readBytes(input, name ?? 'model');
  // Imported only now: it loads the readers of archives.
  const { openSource } = await import('../platform/open-source.ts');
  return openSource(model, name);
}

const bytes = kind('bytes', isBytes);
