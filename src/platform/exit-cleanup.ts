import { rmSync } from 'node:fs';

const cleanups = new Set<() => void>();

export const guardFile = (path: string): (() => void) => guard(() => rmSync(path, { force: true }));

/** Calls `cleanup` when the process exits. Returns a function that cancels this. */
export function guard(cleanup: () => void): () => void {
  if (cleanups.size === 0) process.once('exit', runAll);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) process.off('exit', runAll);
  };
}

function runAll(): void {
  for (const cleanup of cleanups) {
    try {
      cleanup();
    } catch {
      // The process is exiting, possibly with another error.
    }
  }
}
