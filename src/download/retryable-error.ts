/** A failure that may be over at the next try. */
export class RetryableError extends Error {
  /** Milliseconds that the server asks to wait; undefined where it does not say. */
  readonly wait: number | undefined;

  constructor(message: string, options: { readonly wait?: number | undefined; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.wait = options.wait;
  }
}

/** No wait between two tries is longer than this, in milliseconds. */
const LONGEST_DELAY = 30_000;

/**
 * Milliseconds to wait after the nth failure in a row, n from 1: doubled each time, and a random part of up to a half
 * less, so that clients that failed together do not come back together.
 */
export function backoff(n: number, first: number, random: () => number = Math.random): number {
  return Math.min(LONGEST_DELAY, first * 2 ** (n - 1)) * (1 - random() / 2);
}

/** Milliseconds of a `Retry-After` header, which holds seconds or a date; undefined for none, and for anything else. */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
