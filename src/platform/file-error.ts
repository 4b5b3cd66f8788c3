import { DecantError } from '../errors.ts';
import { nearPathsHint } from './near-paths.ts';

export function fileError(path: string, thrown: unknown): DecantError {
  if (thrown instanceof DecantError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const hint = nearPathsHint(path).trim();
    return new DecantError('not-found', `'${path}' does not exist`, {
      ...(hint !== '' && { remedy: hint }),
      cause: thrown,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new DecantError('io', `'${path}' cannot be read: permission denied`, { cause: thrown });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new DecantError('io', `'${path}' cannot be read: ${reason}`, { cause: thrown });
}
