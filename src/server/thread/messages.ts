import type { DecantError } from '../../errors.ts';
import type { TaskName, Tasks, ThreadStep } from './tasks.ts';

/** A task for a thread. */
export interface Assignment<N extends TaskName> {
  readonly id: number;
  readonly name: N;
  readonly argument: Tasks[N]['argument'];
}

/** An error as data: classes do not survive the way between threads. */
export interface ThreadError extends Pick<DecantError, 'code' | 'message' | 'remedy' | 'where'> {
  readonly stack: string | undefined;
}

/** What a thread says about a task; after its result or error, nothing more. */
export type Answer = { readonly id: number } & (
  | { readonly step: ThreadStep; readonly result?: undefined; readonly error?: undefined }
  | { readonly result: unknown; readonly step?: undefined; readonly error?: undefined }
  | { readonly error: ThreadError; readonly step?: undefined; readonly result?: undefined }
);
