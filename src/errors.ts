/** Stable kinds of failure; a caller may branch on them, so they never change their meaning. */
export type ErrorCode =
  | 'not-found' // a file, signature, tensor name or device that does not exist
  | 'not-a-model' // the input is something else, and the message says what
  | 'malformed' // the bytes break their own format
  | 'unsupported' // a valid model that decant cannot translate
  | 'invalid-argument' // an option or argument that cannot be right
  | 'limit' // a named limit against hostile or absurd input was reached
  | 'bad-image' // a picture that cannot be decoded
  | 'bad-video' // a video that cannot be decoded
  | 'runtime-missing' // no OpenVINO library was found
  | 'runtime-failed' // OpenVINO refused or failed
  | 'io' // reading or writing failed
  | 'network' // a server that cannot be reached, or does not give what it is asked for
  | 'cancelled' // an AbortSignal ended the work
  | 'internal'; // a broken invariant of decant itself

/** What an error says besides its message. */
export interface ErrorDetails {
  /** What the user can do about it, as one imperative sentence. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** Every error that a user of decant can meet. `where` runs from the outermost place to the innermost one. */
export class DecantError extends Error {
  override readonly name = 'DecantError';
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly where: readonly string[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, where: readonly string[] = []) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.remedy = details.remedy;
    this.where = where;
  }

  /** The same error, one place further out. */
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

  /** The message with its places, as one line. */
  describe(): string {
    return this.where.length === 0 ? this.message : `${this.where.join(', ')}: ${this.message}`;
  }
}

/** Whatever was thrown, as a DecantError; anything that is not one already is a broken invariant. */
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

/** Runs `work`; an error that leaves it carries `place`. Used at the reader, at the translator walk and at the pass list. */
export function within<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw asDecantError(thrown).within(place);
  }
}

/** `within` for asynchronous work. */
export async function withinAsync<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asDecantError(thrown).within(place);
  }
}
