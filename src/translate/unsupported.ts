import { DecantError } from '../errors.ts';
import type { TfNode } from '../tf/model.ts';
import type { Translators } from './translator.ts';

/** All ops without a translator, with how many there are and one node of each: one report instead of one at a time. */
export function unsupportedOps(nodes: readonly TfNode[], table: Translators): DecantError | undefined {
  const missing = new Map<string, { count: number; readonly example: string }>();
  for (const { op, name } of nodes) {
    if (Object.hasOwn(table, op)) continue;
    const seen = missing.get(op);
    if (seen === undefined) missing.set(op, { count: 1, example: name });
    else seen.count++;
  }
  if (missing.size === 0) return undefined;
  const list = [...missing]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([op, { count, example }]) => `${op} (${count}, for one '${example}')`);
  return new DecantError('unsupported', `ops without a translation: ${list.join(', ')}`, {
    remedy: 'Pass a translator for each of them to convertModel as `translators`, or ask for them in an issue.',
  });
}
