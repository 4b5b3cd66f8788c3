import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/** Returns the user's home folder, from the system if the environment's is empty or relative; undefined if there is none. */
export function homeFolder(): string | undefined {
  return [homedir, () => userInfo().homedir].map(pathFrom).find(path => isAbsolute(path));
}

/** Users without an entry in the system's list have none. */
function pathFrom(source: () => string): string {
  try {
    return source();
  } catch {
    return '';
  }
}
