import { DecantError } from '../../errors.ts';
import { checkTarget } from '../../platform/check-target.ts';
import { checkEnding } from '../check-ending.ts';

export async function checkSavePath(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const problem = `'${path}' would be a COCO results file, which is JSON, and its name is not one`;
  const remedy = 'Let the name end in .json. For images and other formats, use `decant detect`.';
  await checkEnding(path, /\.json$/i, new DecantError('invalid-argument', problem, { remedy }));
  await checkTarget(path);
}
