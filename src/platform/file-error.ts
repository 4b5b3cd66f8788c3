import { DecantError } from '../errors.ts';

/** What the file system threw, as an error about `path`. */
export function fileError(path: string, thrown: unknown): DecantError {
  if (thrown instanceof DecantError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new DecantError('not-found', `there is no file or folder '${path}'`, { cause: thrown });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new DecantError('io', `'${path}' may not be read by this user`, { cause: thrown });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new DecantError('io', `'${path}' cannot be read: ${reason}`, { cause: thrown });
}
