import { constants } from 'node:os';
import { endStatus } from './console.ts';

/** Ends at once on Ctrl-C and when asked to end, with the exit code that shells give; nothing half-written stays behind. */
export function exitOnInterrupt(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      endStatus();
      process.exit(128 + constants.signals[signal]);
    });
  }
}
