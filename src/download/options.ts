/** How far a download has come. */
export interface DownloadProgress {
  /** `wait`: another process downloads the same file, and its result will be used. */
  readonly phase: 'download' | 'wait' | 'check';
  readonly file: string;
  /** Bytes that are there, those of an earlier try included. */
  readonly done: number;
  /** Bytes; undefined where the server has not said. */
  readonly total: number | undefined;
}

/** Where a download goes, what is expected of it, and how long it is tried. */
export interface DownloadOptions {
  /** Where the model goes; a folder of its own in decant's cache by default. */
  readonly folder?: string | undefined;
  /** The SHA-256 that the file must have, as 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** Download what is there already. */
  readonly force?: boolean | undefined;
  /** Take only what is there; by default so where `DECANT_OFFLINE` is set to anything but 0. */
  readonly offline?: boolean | undefined;
  /** Milliseconds without data after which the server counts as stalled, 30,000 by default. */
  readonly timeout?: number | undefined;
  /** Tries after one that failed and brought nothing new, 5 by default. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first of these tries, 500 by default; each further one waits for about twice as long. */
  readonly retryDelay?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Learns how far it has come. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Learns why, and in how many milliseconds, there is another try. */
  readonly onRetry?: ((why: string, wait: number) => void) | undefined;
}
