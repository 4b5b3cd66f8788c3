export class RetryableError extends Error {
  /** Milliseconds to wait, if the server asks for it. */
  readonly wait: number | undefined;

  constructor(message: string, options: { readonly wait?: number | undefined; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.wait = options.wait;
  }
}

/** Milliseconds. */
const MAX_DELAY = 30_000;

/**
 * Returns the milliseconds to wait after the nth consecutive failure, from 1: exponential, minus up to half of it at random, so
 * that clients do not retry in sync.
 */
export function backoff(n: number, first: number, random: () => number = Math.random): number {
  return Math.min(MAX_DELAY, first * 2 ** (n - 1)) * (1 - random() / 2);
}

/** Parses a `Retry-After` header, seconds or a date, to milliseconds. */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
