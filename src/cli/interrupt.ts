import { constants } from 'node:os';
import { endStatus } from './console.ts';

const finishers = new Set<() => void>();

/**
 * Exits on SIGINT and SIGTERM, with the code that shells expect; half-written files are removed. Work registered with
 * `finishOnInterrupt` is finished first, unless a second signal arrives.
 */
export function exitOnInterrupt(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      endStatus();
      process.exitCode = 128 + constants.signals[signal];
      if (finishers.size === 0) process.exit();
      for (const finish of finishers) finish();
      finishers.clear();
    });
  }
}

/** Calls `finish` on an interrupt instead of exiting at once. Returns a function that cancels this. */
export function finishOnInterrupt(finish: () => void): () => void {
  finishers.add(finish);
  return () => void finishers.delete(finish);
}
