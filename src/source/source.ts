/**
 * Bytes by name: a folder, an archive, one file, or memory. Paths are relative, use `/`, and hold no `.` or `..` parts.
 * Sources stack: an archive is a Source over the bytes of another.
 */
export interface Source {
  /** What error messages call it: the path or URL the user gave. */
  readonly name: string;
  /** All paths, sorted. */
  list(): Promise<readonly string[]>;
  /** @throws DecantError `not-found` when there is no such path */
  size(path: string): Promise<number>;
  /** The bytes [start, end) of a file, all of it by default; a view where the bytes are in memory already. */
  read(path: string, start?: number, end?: number): Promise<Uint8Array>;
  /** A file of which parts are looked at now and later, and which is not held in memory for that. */
  open(path: string): Promise<OpenFile>;
}

/** A file of a source, for reading. */
export interface OpenFile {
  readonly byteLength: number;
  /** Whether the file is in memory anyway, so that its bytes are views. */
  readonly inMemory: boolean;
  /** The bytes [start, end), which lie inside of the file. */
  bytes(start: number, end: number): Uint8Array;
}
