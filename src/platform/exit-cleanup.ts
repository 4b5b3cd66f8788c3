import { rmSync } from 'node:fs';

/** What would stay behind if the process ended now: unfinished files, and processes that write them. */
const leftovers = new Set<() => void>();

/** Has an unfinished file removed should the process end, until the function that it gives is called. */
export const guardFile = (path: string): (() => void) => guard(() => rmSync(path, { force: true }));

/** Has `remove` called should the process end, until the function that it gives is called. */
export function guard(remove: () => void): () => void {
  if (leftovers.size === 0) process.once('exit', removeAll);
  leftovers.add(remove);
  return () => {
    leftovers.delete(remove);
    if (leftovers.size === 0) process.off('exit', removeAll);
  };
}

function removeAll(): void {
  for (const remove of leftovers) {
    try {
      remove();
    } catch {
      // What cannot be removed is not worth a second error.
    }
  }
}
