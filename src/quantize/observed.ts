import type { Range } from './range.ts';

/** The lowest and highest numbers of a value in each of the samples. */
export class Observed {
  #count = 0;
  #lows = 0;
  #highs = 0;
  #low = Infinity;
  #high = -Infinity;

  /** Values without elements have no lowest number: OpenVINO returns the limits of the type, in the wrong order. */
  add(low: number, high: number): void {
    if (!(low <= high)) return;
    this.#count++;
    this.#lows += low;
    this.#highs += high;
    this.#low = Math.min(this.#low, low);
    this.#high = Math.max(this.#high, high);
  }

  /** The averages over the samples; undefined if no sample reached the value. */
  get mean(): Range | undefined {
    return this.#count === 0 ? undefined : { low: this.#lows / this.#count, high: this.#highs / this.#count };
  }

  /** The lowest and highest number of all samples; undefined if no sample reached the value. */
  get extremes(): Range | undefined {
    return this.#count === 0 ? undefined : { low: this.#low, high: this.#high };
  }
}
