import { asDecantError, DecantError } from '../../errors.ts';
import { Refusal, unavailable } from '../refusal.ts';
import type { LoadedModel } from './loaded-model.ts';

export type ModelState = 'loading' | 'ready' | 'failed';

/** Loads a model. @param onStep receives what is being done */
export type Loader = (onStep: (step: string) => void) => Promise<LoadedModel>;

/** A version of a model by name, which may be loading, ready or failed. It can be replaced while it is in use. */
export class ServedModel {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  /** Device that was asked for. */
  device: string;
  #current: LoadedModel | undefined;
  #problem: DecantError | undefined;
  #step: string | undefined;
  #closed = false;

  constructor(name: string, version: string, path: string, device: string) {
    this.name = name;
    this.version = version;
    this.path = path;
    this.device = device;
  }

  get state(): ModelState {
    if (this.#current !== undefined) return 'ready';
    return this.#problem === undefined ? 'loading' : 'failed';
  }

  /** Why the last attempt to load it failed; the model may still serve its previous content. */
  get problem(): DecantError | undefined {
    return this.#problem;
  }

  /** What is being done to load it; undefined if it is not being loaded. */
  get step(): string | undefined {
    return this.#step;
  }

  get loaded(): LoadedModel | undefined {
    return this.#current;
  }

  /** Replaces the model by a new one as soon as that is ready. Tasks in progress end on the previous one. */
  async load(loader: Loader): Promise<void> {
    if (this.#step !== undefined) {
      throw new Refusal(409, 'invalid-argument', `model '${this.name}' is being loaded already`, { retryAfter: 1 });
    }
    this.#step = 'waiting';
    try {
      const loaded = await loader(step => (this.#step = step));
      if (this.#closed) {
        loaded.close();
        return;
      }
      const previous = this.#current;
      this.#current = loaded;
      this.#problem = undefined;
      previous?.close();
    } catch (thrown) {
      this.#problem = asDecantError(thrown);
      throw this.#problem;
    } finally {
      this.#step = undefined;
    }
  }

  /**
   * Runs a task on the model as it is now.
   *
   * @throws DecantError with status 503 if the model is loading or has failed to load
   */
  async use<T>(work: (model: LoadedModel) => Promise<T>): Promise<T> {
    const current = this.#current;
    if (current !== undefined) return current.during(work);
    const problem = this.#problem;
    if (problem === undefined || this.#step !== undefined) {
      throw unavailable(`model '${this.name}' is being loaded: ${this.#step ?? 'waiting'}`, 2);
    }
    throw new Refusal(503, problem.code, `model '${this.name}' could not be loaded: ${problem.describe()}`, {
      ...(problem.remedy !== undefined && { remedy: problem.remedy }),
      retryAfter: 60,
    });
  }

  close(): void {
    this.#closed = true;
    this.#current?.close();
    this.#current = undefined;
    this.#problem = new DecantError('cancelled', 'it is no longer served');
  }
}
