import { DecantError, type ErrorCode, type ErrorDetails } from '../errors.ts';

/** An error that determines its HTTP status, because its code alone does not. */
export class Refusal extends DecantError {
  readonly status: number;
  /** Seconds after which the client may try again. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    { retryAfter, ...details }: ErrorDetails & { readonly retryAfter?: number } = {},
  ) {
    super(code, message, details);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** A refusal that does not last: the client may repeat the same request. */
export const unavailable = (message: string, retryAfter = 1): Refusal =>
  new Refusal(503, 'limit', message, { retryAfter, remedy: 'Try again later.' });
