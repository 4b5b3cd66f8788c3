import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { asDecantError, type DecantError } from '../errors.ts';
import { guardFile } from './exit-cleanup.ts';
import { placeBeside, writeAll, writeError } from './write-files.ts';

/** A text that is written bit by bit beside its place, and moves there when it is whole. */
export class AtomicFile {
  readonly path: string;
  readonly #part: string;
  readonly #file: FileHandle;
  /** A process that is told to stop leaves nothing behind. */
  readonly #release: () => void;
  #failure: DecantError | undefined;

  private constructor(path: string, part: string, file: FileHandle) {
    this.path = path;
    this.#part = part;
    this.#file = file;
    this.#release = guardFile(part);
  }

  /** Makes folders that are missing. @throws DecantError `io` */
  static async create(path: string): Promise<AtomicFile> {
    try {
      const part = await placeBeside(path);
      return new AtomicFile(path, part, await open(part, 'wx'));
    } catch (thrown) {
      throw writeError(path, thrown);
    }
  }

  /** @throws DecantError `io`, now and ever after: a text with a hole in it never gets to its place */
  async write(text: string): Promise<void> {
    this.#refuseBroken();
    try {
      await writeAll(this.#file, new TextEncoder().encode(text));
    } catch (thrown) {
      this.#failure = asDecantError(writeError(this.path, thrown));
      throw this.#failure;
    }
  }

  #refuseBroken(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Moves the file to its place. @throws DecantError `io` */
  async finish(): Promise<void> {
    this.#refuseBroken();
    try {
      await this.#file.close();
      await rename(this.#part, this.path);
      this.#release();
    } catch (thrown) {
      throw writeError(this.path, thrown);
    }
  }

  /** Takes away what was written so far; what stood at the path before still stands there. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#part, { force: true });
    this.#release();
  }
}
