import { DecantError } from '../errors.ts';

/** Bytes per second, far below any usable connection. */
const MIN_SPEED = 1000;

/**
 * Watches a download that arrives in drops, which never stalls, but would take years.
 *
 * @param window milliseconds over which the speed is averaged
 */
export class SpeedFloor {
  readonly #window: number;
  #start = performance.now();
  #bytes = 0;

  constructor(window: number) {
    this.#window = window;
  }

  /** @throws DecantError `network` if the last window brought too little */
  add(bytes: number): void {
    this.#bytes += bytes;
    const elapsed = performance.now() - this.#start;
    if (elapsed < this.#window) return;
    if ((1000 * this.#bytes) / elapsed < MIN_SPEED) {
      const seconds = Math.round(elapsed / 1000);
      throw new DecantError('network', `the download is too slow: ${this.#bytes} bytes in ${seconds} s`, {
        remedy: 'Run the same command again later: it continues where this one stopped.',
      });
    }
    this.#start = performance.now();
    this.#bytes = 0;
  }
}
