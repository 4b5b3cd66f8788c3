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
}
