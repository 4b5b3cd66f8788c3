/** Keeps strings by name, each written as a whole. Names have no slashes, except for one after a folder's name. */
export interface ResultStore {
  /** For messages. */
  readonly place: string;
  /** Replaces what is there. */
  put(name: string, text: string): Promise<void>;
  /** @throws DecantError `not-found` */
  get(name: string): Promise<string>;
  /** Returns the sorted names in a folder of the store, with the folder. */
  list(folder: string): Promise<readonly string[]>;
}
