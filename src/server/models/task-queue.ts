import { limitConcurrency } from '../../pipeline/limit-concurrency.ts';
import { unavailable } from '../refusal.ts';
import { untilAborted } from '../until-aborted.ts';

/** Runs up to `running` tasks at once, while up to `waiting` others wait in order. */
export class TaskQueue {
  readonly #limit;
  readonly #most: number;
  #inside = 0;

  constructor(running: number, waiting: number) {
    this.#limit = limitConcurrency(running);
    this.#most = running + waiting;
  }

  /** The tasks that run or wait. */
  get length(): number {
    return this.#inside;
  }

  /** @throws DecantError `limit`, with status 503, if the queue is full; the reason of the signal */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#inside >= this.#most) throw unavailable('the queue of this model is full');
    this.#inside++;
    const running = this.#limit(async () => {
      signal.throwIfAborted();
      return task();
    }).finally(() => this.#inside--);
    return untilAborted(signal, running);
  }
}
