import { DecantError } from '../errors.ts';
import { checkTarget } from '../platform/check-target.ts';
import { checkEnding } from './check-ending.ts';

export async function checkReportPath(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const problem = `the report '${path}' would be an HTML page, and its name is not one`;
  const remedy = 'Let the name end in .html. For results as text, use --format with -o.';
  await checkEnding(path, /\.html?$/i, new DecantError('invalid-argument', problem, { remedy }));
  await checkTarget(path);
}
