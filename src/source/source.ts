/**
 * Files by path: a folder, an archive, a single file, or memory. Paths are relative, with `/`, and without `.` or `..` parts.
 */
export interface Source {
  /** The path or URL given by the user, for error messages. */
  readonly name: string;
  /** All paths, sorted. */
  list(): Promise<readonly string[]>;
  /** @throws DecantError `not-found` */
  size(path: string): Promise<number>;
  /** Reads bytes [start, end), by default all; a view if the file is in memory. */
  read(path: string, start?: number, end?: number): Promise<Uint8Array>;
  /** Opens a file for reading parts of it over time, without loading it into memory. */
  open(path: string): Promise<OpenFile>;
}

/** A file opened for random access. */
export interface OpenFile {
  readonly byteLength: number;
  /** Whether `bytes` returns views of memory. */
  readonly inMemory: boolean;
  /** Reads bytes [start, end), which must be in bounds, into new memory or that of `allocate`, which may be larger. */
  bytes(start: number, end: number, allocate?: (byteLength: number) => ArrayBuffer): Uint8Array;
}
