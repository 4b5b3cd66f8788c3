import { LEVELS, type Range } from './range.ts';

const BINS = 4096;

/** Parts of the distance of an end from 0 that are tried in the search for the least error. */
const TRIED = 64;

/** Counts of the numbers of a value, in equal bins of its extremes. */
export class Histogram {
  readonly #extremes: Range;
  readonly #counts = new Float64Array(BINS);

  constructor(extremes: Range) {
    this.#extremes = extremes;
  }

  add(numbers: Float32Array): void {
    const { low, high } = this.#extremes;
    const scale = BINS / (high - low || 1);
    const counts = this.#counts;
    for (const number of numbers) {
      const bin = Math.trunc((number - low) * scale);
      counts[bin < 0 ? 0 : bin < BINS ? bin : BINS - 1]!++;
    }
  }

  /** The range without a share of the lowest and of the highest numbers. */
  percentiles(share: number): Range {
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    const { low, high } = this.#extremes;
    const width = (high - low) / BINS;
    const bins = (counts: Float64Array): number => {
      let passed = 0;
      let bin = 0;
      while (bin < BINS - 1 && passed + counts[bin]! <= share * total) passed += counts[bin++]!;
      return bin;
    };
    return { low: low + bins(this.#counts) * width, high: high - bins(this.#counts.toReversed()) * width };
  }

  /** The range for which quantized numbers have the least mean square error: those beyond it are clipped, others rounded. */
  leastError(): Range {
    const { low, high } = this.#extremes;
    const below = this.#clipErrors(low);
    const above = this.#clipErrors(-high, this.#counts.toReversed());
    const [lowest, highest] = [Math.min(low, 0), Math.max(high, 0)];
    const rounded = this.#counts.reduce((sum, count) => sum + count, 0) - this.#zeros();
    let best: Range = { low: lowest, high: highest };
    let least = Infinity;
    for (const from of parts(lowest)) {
      for (const to of parts(highest)) {
        const error = below(from) + above(-to) + (rounded * ((to - from) / (LEVELS - 1)) ** 2) / 12;
        if (error >= least) continue;
        least = error;
        best = { low: from, high: to };
      }
    }
    return best;
  }

  /** Zeros, which are exact in any range. */
  #zeros(): number {
    const { low, high } = this.#extremes;
    return low <= 0 && high >= 0 ? this.#counts[Math.min(BINS - 1, Math.floor((-low * BINS) / (high - low || 1)))]! : 0;
  }

  /** Returns a function to the sum of the squares by which numbers below a bound are below it. */
  #clipErrors(low: number, counts = this.#counts): (bound: number) => number {
    const { low: least, high: most } = this.#extremes;
    const width = (most - least) / BINS;
    const sums = [0, 1, 2].map(power => {
      const passed = new Float64Array(BINS + 1);
      counts.forEach((count, bin) => (passed[bin + 1] = passed[bin]! + count * (low + (bin + 0.5) * width) ** power));
      return passed;
    });
    return bound => {
      const bin = Math.max(0, Math.min(BINS, Math.floor((bound - low) / (width || 1))));
      const [count, sum, squares] = sums.map(passed => passed[bin]!) as [number, number, number];
      return Math.max(0, squares - 2 * bound * sum + bound ** 2 * count);
    };
  }
}

/** Parts of the distance from 0 to an end of a range: all of it first. */
const parts = (end: number): readonly number[] =>
  end === 0 ? [0] : Array.from({ length: TRIED }, (_, i) => end * (1 - i / TRIED));
