import { DecantError } from '../errors.ts';
import type { Library } from './library.ts';
import type { Pointer } from './argument.ts';

export interface HandleOptions {
  readonly free: (object: Pointer) => void;
  /** Makes pending calls on the object return early. */
  readonly interrupt?: (object: Pointer) => void;
}

/**
 * Owns one native object. `close()` first closes the objects created from it, and frees it once pending calls that use it
 * have returned.
 */
export class Handle {
  readonly library: Library;
  readonly #what: string;
  readonly #object: Pointer;
  readonly #options: HandleOptions;
  readonly #parent: Handle | undefined;
  readonly #children = new Set<Handle>();
  #uses = 0;
  #closed = false;

  constructor(library: Library, what: string, object: Pointer, options: HandleOptions, parent?: Handle) {
    this.library = library;
    this.#what = what;
    this.#object = object;
    this.#options = options;
    this.#parent = parent;
    if (parent !== undefined) parent.#children.add(this);
  }

  child(what: string, object: Pointer, options: HandleOptions): Handle {
    if (this.#closed) {
      options.free(object);
      throw this.#closedError();
    }
    return new Handle(this.library, what, object, options, this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get object(): Pointer {
    if (this.#closed) throw this.#closedError();
    return this.#object;
  }

  async during<T>(work: (object: Pointer) => Promise<T>): Promise<T> {
    const object = this.object;
    this.#uses++;
    try {
      return await work(object);
    } finally {
      this.#uses--;
      if (this.#closed) this.#freeUnused();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#parent !== undefined) this.#parent.#children.delete(this);
    for (const child of [...this.#children]) child.close();
    if (this.#uses > 0) this.#options.interrupt?.(this.#object);
    this.#freeUnused();
  }

  #freeUnused(): void {
    if (this.#uses === 0) this.#options.free(this.#object);
  }

  #closedError(): DecantError {
    return new DecantError('invalid-argument', `this ${this.#what} is closed`, {
      remedy: 'Close it, and the object it was created from, only after its last use.',
    });
  }
}

const dropped = new FinalizationRegistry<Handle>(handle => handle.close());

/**
 * An object in native memory. `close()` frees it and closes all objects created from it; later use throws. An object that is
 * not closed is freed some time after it was garbage-collected.
 */
export abstract class NativeObject implements Disposable {
  protected readonly handle: Handle;
  /** Keeps the parent from being garbage-collected before this object. */
  protected readonly madeFrom: NativeObject | undefined;

  constructor(handle: Handle, madeFrom?: NativeObject) {
    this.handle = handle;
    this.madeFrom = madeFrom;
    dropped.register(this, handle, handle);
  }

  /** @internal */
  static handleOf(object: NativeObject): Handle {
    return object.handle;
  }

  /** Frees the native memory. Later calls have no effect. */
  close(): void {
    dropped.unregister(this.handle);
    this.handle.close();
  }

  /** Calls `close()`, for `using` declarations. */
  [Symbol.dispose](): void {
    this.close();
  }
}
