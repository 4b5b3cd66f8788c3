import { stat } from 'node:fs/promises';
import { DecantError } from '../errors.ts';

/** Devices, pipes and such may have any name. */
export async function checkReportPath(path: string | undefined): Promise<void> {
  if (path === undefined || /\.html?$/i.test(path)) return;
  const isSpecial = await stat(path).then(
    facts => !facts.isFile(),
    () => false,
  );
  if (isSpecial) return;
  throw new DecantError('invalid-argument', `the report '${path}' would be an HTML page, and its name is not one`, {
    remedy: 'Let the name end in .html. For results as text, use --format with -o.',
  });
}
