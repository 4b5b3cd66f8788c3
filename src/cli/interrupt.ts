import { constants } from 'node:os';
import { endStatus } from './console.ts';

const finishers = new Set<() => void>();

/**
 * Ends at once on Ctrl-C and when asked to end, with the exit code that shells give; nothing half-written stays behind.
 * What would never end by itself is finished first, unless it is asked a second time.
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

/** Has `finish` called on an interruption instead of an end at once, until the function that it gives is called. */
export function finishOnInterrupt(finish: () => void): () => void {
  finishers.add(finish);
  return () => void finishers.delete(finish);
}
