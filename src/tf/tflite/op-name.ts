import { DecantError } from '../../errors.ts';
import { BUILTIN_OPS } from './builtin-ops.ts';
import type { LiteModel, StoredOperator } from './schema.ts';

const CUSTOM = 32;

export function opName({ codes }: LiteModel, { code }: StoredOperator): string {
  const stored = codes[code];
  if (stored === undefined) throw new DecantError('malformed', `there is no operator code ${code}`);
  // Files of old converters have only the first field, which holds at most 127.
  const builtin = Math.max(stored.deprecated, stored.builtin);
  if (builtin === CUSTOM) return stored.custom;
  return BUILTIN_OPS[builtin] ?? `op number ${builtin}`;
}
