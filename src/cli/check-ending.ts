import { stat } from 'node:fs/promises';
import type { DecantError } from '../errors.ts';

/** Throws `error` if the name of a file to write does not end as `ending` says. Devices, pipes and such may have any name. */
export async function checkEnding(path: string, ending: RegExp, error: DecantError): Promise<void> {
  if (ending.test(path)) return;
  const isSpecial = await stat(path).then(
    facts => !facts.isFile(),
    () => false,
  );
  if (!isSpecial) throw error;
}
