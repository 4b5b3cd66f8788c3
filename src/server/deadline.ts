import type { DecantError } from '../errors.ts';
import { Refusal } from './refusal.ts';

/** A signal that is aborted when a request takes too long. Must be ended. */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  /** @param timeout milliseconds */
  constructor(timeout: number) {
    this.#timer = setTimeout(() => {
      this.abort(new Refusal(504, 'cancelled', `the request took longer than ${timeout / 1000} s`));
    }, timeout);
  }

  /** Its reason is a DecantError. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: DecantError): void {
    this.#controller.abort(reason);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.end();
  }
}
