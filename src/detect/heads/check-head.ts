import { checkHeadName, type HeadChoice } from './find-head.ts';
import { parseHeadDescription } from './parse-head-description.ts';

/** @throws DecantError `invalid-argument` if there is no such head, or if its description is wrong */
export function checkHead(choice: HeadChoice): void {
  if (typeof choice === 'string') checkHeadName(choice);
  else parseHeadDescription(choice);
}
