import { DecantError } from '../errors.ts';
import type { Library } from './library.ts';
import type { Pointer } from './argument.ts';

export interface HandleOptions {
  readonly free: (object: Pointer) => void;
  /** Makes calls of the object that are under way return soon. */
  readonly interrupt?: (object: Pointer) => void;
}

/**
 * The ownership of one native object. Closing frees it after the objects made from it, and not before the calls under
 * way that use it have returned.
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

  /** `what` is how messages call the object: `compiled model`. */
  constructor(library: Library, what: string, object: Pointer, options: HandleOptions, parent?: Handle) {
    this.library = library;
    this.#what = what;
    this.#object = object;
    this.#options = options;
    this.#parent = parent;
    if (parent !== undefined) parent.#children.add(this);
  }

  /** The handle of an object made from this one; one that comes too late, after `close()`, is freed at once. */
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

  /** @throws DecantError `invalid-argument` after `close()` */
  get object(): Pointer {
    if (this.#closed) throw this.#closedError();
    return this.#object;
  }

  /** Keeps the object until `work` is done, even when it is closed meanwhile. */
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
      remedy: 'Close it, or what it was made from, only after its last use.',
    });
  }
}

/** Frees the native objects of those that were dropped without `close()`; only memory that nobody can reach is late. */
const dropped = new FinalizationRegistry<Handle>(handle => handle.close());

/** An object of OpenVINO. `close()` frees its memory and closes all that was made from it; later use is an error. */
export abstract class NativeObject implements Disposable {
  protected readonly handle: Handle;
  /** What this was made from is not dropped before this is. */
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

  /** Calling it again does nothing. */
  close(): void {
    dropped.unregister(this.handle);
    this.handle.close();
  }

  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
