import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { asDecantError, type DecantError } from '../errors.ts';
import { guardFile } from './exit-cleanup.ts';
import { temporaryPath, writeAll, writeError } from './write-files.ts';

/** A text file that is written incrementally, and appears at its path only when it is complete. */
export class AtomicFile {
  readonly path: string;
  readonly #part: string;
  readonly #file: FileHandle;
  readonly #release: () => void;
  #failure: DecantError | undefined;

  private constructor(path: string, part: string, file: FileHandle) {
    this.path = path;
    this.#part = part;
    this.#file = file;
    this.#release = guardFile(part);
  }

  static async create(path: string): Promise<AtomicFile> {
    try {
      const part = await temporaryPath(path);
      return new AtomicFile(path, part, await open(part, 'wx'));
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
      await rename(this.#part, this.path);
      this.#release();
    } catch (thrown) {
      throw writeError(this.path, thrown);
    }
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#part, { force: true });
    this.#release();
  }
}
