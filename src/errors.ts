/**
 * Stable kinds of failure, for callers to branch on:
 *
 * - `not-found`: no such file, signature, tensor name or device
 * - `not-a-model`: the input is something else, named in the message
 * - `malformed`: the bytes violate their format
 * - `unsupported`: a valid model that decant cannot translate
 * - `invalid-argument`: an option or argument that is not valid
 * - `limit`: a limit against hostile or absurd input was exceeded
 * - `bad-image`: an image that cannot be decoded
 * - `bad-video`: a video that cannot be decoded
 * - `runtime-missing`: no OpenVINO library was found
 * - `runtime-failed`: OpenVINO refused or failed
 * - `io`: reading or writing failed
 * - `network`: a server is unreachable, or its response is not usable
 * - `cancelled`: aborted by an AbortSignal
 * - `internal`: a bug in decant
 */
export type ErrorCode =
  | 'not-found'
  | 'not-a-model'
  | 'malformed'
  | 'unsupported'
  | 'invalid-argument'
  | 'limit'
  | 'bad-image'
  | 'bad-video'
  | 'runtime-missing'
  | 'runtime-failed'
  | 'io'
  | 'network'
  | 'cancelled'
  | 'internal';

/** Details of an error besides its message. */
export interface ErrorDetails {
  /** What the user can do, as an imperative sentence. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/**
 * The only kind of error that decant throws.
 *
 * @example
 * ```ts
 * import { convertModel, DecantError } from 'decant';
 *
 * try {
 *   await convertModel('missing.pb');
 * } catch (error) {
 *   if (!(error instanceof DecantError)) throw error;
 *   console.log(error.code, error.describe(), error.remedy);
 * }
 * ```
 */
export class DecantError extends Error {
  override readonly name = 'DecantError';
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  /** Where it happened, from the outermost place to the innermost. */
  readonly where: readonly string[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, where: readonly string[] = []) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.remedy = details.remedy;
    this.where = where;
  }

  /** Returns the same error with an outer place added. */
  within(place: string): DecantError {
    const outer = new DecantError(
      this.code,
      this.message,
      { ...(this.remedy === undefined ? {} : { remedy: this.remedy }), cause: this.cause },
      [place, ...this.where],
    );
    if (this.stack !== undefined) outer.stack = this.stack;
    return outer;
  }

  /** The message with its places, on one line. */
  describe(): string {
    return this.where.length === 0 ? this.message : `${this.where.join(', ')}: ${this.message}`;
  }
}

export function asDecantError(thrown: unknown): DecantError {
  if (thrown instanceof DecantError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const error = new DecantError('internal', message, {
    cause: thrown,
    remedy: 'This is a bug in decant: please report it with the output of the same command with --debug.',
  });
  if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack;
  return error;
}

export function within<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw asDecantError(thrown).within(place);
  }
}

export async function withinAsync<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asDecantError(thrown).within(place);
  }
}

/** Returns why a `fetch` failed. The reason is in the cause; the message is always `fetch failed`. */
export function fetchReason(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
