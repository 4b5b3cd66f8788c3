import { type FileHandle, open } from 'node:fs/promises';
import { asDecantError, type DecantError } from '../errors.ts';
import { PendingFile } from './pending-file.ts';
import { writeAll } from './write-all.ts';
import { writeError } from './write-files.ts';

/** A text file that is written incrementally, and appears at its path only when it is complete. */
export class AtomicFile {
  readonly path: string;
  readonly #pending: PendingFile;
  readonly #file: FileHandle;
  #failure: DecantError | undefined;

  private constructor(path: string, pending: PendingFile, file: FileHandle) {
    this.path = path;
    this.#pending = pending;
    this.#file = file;
  }

  static async create(path: string): Promise<AtomicFile> {
    try {
      const pending = await PendingFile.create(path);
      return new AtomicFile(path, pending, await open(pending.part, 'r+'));
    } catch (thrown) {
      throw writeError(path, thrown);
    }
  }

  /** After a failure, all later calls fail, too, so that an incomplete file never appears. */
  async write(text: string): Promise<void> {
    this.#checkFailure();
    try {
      await writeAll(this.#file, new TextEncoder().encode(text));
    } catch (thrown) {
      this.#failure = asDecantError(writeError(this.path, thrown));
      throw this.#failure;
    }
  }

  #checkFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async finish(): Promise<void> {
    this.#checkFailure();
    try {
      await this.#file.close();
      await this.#pending.place();
    } catch (thrown) {
      throw writeError(this.path, thrown);
    }
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await this.#pending.discard();
  }
}
