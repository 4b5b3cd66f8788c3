/** Progress of a download. */
export interface DownloadProgress {
  /** `wait`: another process is downloading the same file. */
  readonly phase: 'download' | 'wait' | 'check';
  readonly file: string;
  /** Bytes, including those of earlier attempts. */
  readonly done: number;
  /** Bytes; undefined if unknown. */
  readonly total: number | undefined;
}

/** Options of `downloadModel`. */
export interface DownloadOptions {
  /** Target folder; by default a folder in decant's cache. */
  readonly folder?: string | undefined;
  /** Expected SHA-256 of the file, as 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** Download again if already present. */
  readonly force?: boolean | undefined;
  /** Use only what is present; the default if `DECANT_OFFLINE` is set to anything but 0. */
  readonly offline?: boolean | undefined;
  /**
   * Milliseconds without data after which the server counts as stalled; 30,000 by default. Less than 1 kB per second over
   * twice this time is too slow.
   */
  readonly timeout?: number | undefined;
  /** Largest model in bytes, with all its files; 4 GB by default. */
  readonly maxBytes?: number | undefined;
  /** Consecutive retries without new bytes before giving up; 5 by default. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first retry, doubling for each further one; 500 by default. */
  readonly retryDelay?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the progress. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Called before a retry with the reason and the delay in milliseconds. */
  readonly onRetry?: ((reason: string, delay: number) => void) | undefined;
}
