import { constants } from 'node:os';
import { exitNow } from '../runtime/exit-now.ts';
import { endStatus, reportInterruption } from './console.ts';

const finishers = new Set<() => void>();

let advice: string | undefined;

/**
 * Exits on Ctrl-C, SIGTERM and a closed terminal, with the code that shells expect, and says so; half-written files are removed.
 * Work registered with `finishOnInterrupt` is finished instead, unless a second signal arrives.
 */
export function exitOnInterrupt(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      endStatus();
      process.exitCode = 128 + constants.signals[signal];
      if (finishers.size === 0) {
        reportInterruption(advice);
        process.emit('exit', process.exitCode);
        exitNow(process.exitCode);
      }
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

/** Says on an interrupt how to continue: one sentence. */
export function adviseOnInterrupt(remedy: string): void {
  advice = remedy;
}
