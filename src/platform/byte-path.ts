import { readdir, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { DecantError } from '../errors.ts';

/**
 * Returns the bytes of a path that was decoded with replacement characters, because a name in it is not UTF-8; other paths
 * unchanged.
 *
 * @throws DecantError `not-found` if there is no such name, or several that look the same
 */
export async function bytePath(path: string): Promise<string | Buffer> {
  if (!path.includes('\ufffd') || (await isThere(path))) return path;
  const [first, ...names] = path.split(sep);
  let at = Buffer.from(first === '' ? '' : first!);
  if (first!.includes('\ufffd')) at = await nameIn(Buffer.from('.'), first!, path);
  for (const name of names) {
    const folder = at.length === 0 ? Buffer.from(sep) : at;
    const bytes = name.includes('\ufffd') ? await nameIn(folder, name, path) : Buffer.from(name);
    at = Buffer.concat([at, Buffer.from(sep), bytes]);
  }
  return at;
}

async function nameIn(folder: Buffer, name: string, path: string): Promise<Buffer<ArrayBuffer>> {
  const names = await readdir(folder, { encoding: 'buffer' }).catch(() => []);
  const [found, ...others] = names.filter(each => each.toString() === name);
  if (found !== undefined && others.length === 0) return Buffer.from(found);
  const problem =
    found === undefined ? 'does not exist' : 'is not clear: several names that are not UTF-8 look like it';
  throw new DecantError('not-found', `'${path}' ${problem}`, { remedy: 'Rename the file.' });
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
