import koffi from 'koffi';
import { DecantError } from '../errors.ts';
import type { Argument, Pointer, Slot } from './argument.ts';
import { fixArguments, fixPrototype } from './fixed-arity.ts';
import { type FunctionName, PROTOTYPES } from './functions.ts';
import { type LibraryHandle, loadLibrary } from './load-library.ts';
import { INVALID_C_PARAM, runtimeError } from './runtime-error.ts';
import { checkVersion, NEWER_OPENVINO } from './supported-version.ts';

interface NativeFunction {
  (...args: readonly Argument[]): unknown;
  async(...args: readonly [...Argument[], (error: Error | null, result: unknown) => void]): void;
}

/** How koffi says that its queue is full. */
const TOO_MANY_CALLS = /too many asynchronous calls/i;

const libraries = new Map<string, Library>();

/** Arguments of calls under way: native code reads the memory of typed arrays, and nothing else need refer to them. */
const underWay = new Set<readonly Argument[]>();

/** OpenVINO's C interface in the shared library at `path`. */
export class Library {
  readonly path: string;
  /** The build number: `2026.4.1-22982-e213a147257-releases/2026/4`. */
  readonly version: string;
  readonly #library: LibraryHandle;
  readonly #functions = new Map<string, NativeFunction>();

  /**
   * The library at `path`, loaded once and never unloaded: its threads outlive any caller.
   *
   * @throws DecantError `runtime-failed` when it cannot be loaded, is not OpenVINO, or is older than 2024.0
   */
  static at(path: string): Library {
    const library = libraries.get(path) ?? new Library(path);
    libraries.set(path, library);
    return library;
  }

  constructor(path: string) {
    this.path = path;
    this.#library = loadLibrary(path);
    defineShape();
    const version = new BigUint64Array(2);
    this.call('ov_get_openvino_version', version);
    this.version = koffi.decode.string(version[0]!);
    this.free('ov_version_free', version);
    checkVersion(this.version, path);
  }

  /** @throws DecantError `runtime-failed` with OpenVINO's message when the function fails */
  call(name: FunctionName, ...args: readonly Argument[]): void {
    this.#check(this.#invoke(name, args));
  }

  /**
   * `call` on a thread of libuv's pool.
   *
   * @throws DecantError `limit` when hundreds of calls wait for a thread
   */
  async callAsync(name: FunctionName, ...args: readonly Argument[]): Promise<void> {
    const native = this.#function(name, args.length);
    const given = fixArguments(PROTOTYPES[name], args);
    underWay.add(args);
    try {
      const status = await new Promise<unknown>((resolve, reject) => {
        native.async(...given, (error, result) => {
          if (error === null) resolve(result);
          else reject(error);
        });
      });
      this.#check(status);
    } catch (thrown) {
      throw thrown instanceof Error && TOO_MANY_CALLS.test(thrown.message) ? tooManyCalls(thrown) : thrown;
    } finally {
      underWay.delete(args);
    }
  }

  /** The object that a function makes; its last parameter is where it goes. */
  create(name: FunctionName, ...args: readonly Argument[]): Pointer {
    const slot: Slot = [null];
    this.call(name, ...args, slot);
    return filled(slot);
  }

  async createAsync(name: FunctionName, ...args: readonly Argument[]): Promise<Pointer> {
    const slot: Slot = [null];
    await this.callAsync(name, ...args, slot);
    return filled(slot);
  }

  /** Gives an object, or what a struct refers to, back. */
  free(name: FunctionName, object: Pointer | NodeJS.ArrayBufferView): void {
    this.#invoke(name, [object]);
  }

  /** The text at `address`, which the caller has to give back. */
  takeText(address: Pointer): string {
    const text = koffi.decode.string(address);
    this.free('ov_free', address);
    return text;
  }

  #invoke(name: FunctionName, args: readonly Argument[]): unknown {
    return this.#function(name, args.length)(...fixArguments(PROTOTYPES[name], args));
  }

  #function(name: FunctionName, count: number): NativeFunction {
    const prototype = fixPrototype(PROTOTYPES[name], count);
    let native = this.#functions.get(prototype);
    if (native === undefined) {
      try {
        native = this.#library.func(prototype);
      } catch (cause) {
        throw new DecantError(
          'runtime-failed',
          `${this.path} has no function ${name}: it is too old, or not OpenVINO's C library`,
          { cause, remedy: NEWER_OPENVINO },
        );
      }
      this.#functions.set(prototype, native);
    }
    return native;
  }

  #check(status: unknown): void {
    if (status === 0) return;
    const code = Number(status);
    throw runtimeError(code, this.#lastError(code));
  }

  /** What OpenVINO says about the failed call; its last message is of an older one where arguments were refused. */
  #lastError(status: number): string {
    const message = status === INVALID_C_PARAM ? null : this.#invoke('ov_get_last_err_msg', []);
    if (typeof message === 'bigint') return this.takeText(message);
    return String(this.#invoke('ov_get_error_info', [status]));
  }
}

/** koffi's type names belong to the whole process, where a second copy of this module may have been first. */
function defineShape(): void {
  try {
    koffi.type('ov_shape_t');
  } catch {
    koffi.struct('ov_shape_t', { rank: 'int64_t', dims: 'int64_t *' });
  }
}

const filled = ([object]: Slot): Pointer => object ?? 0n;

const tooManyCalls = (cause: Error): DecantError =>
  new DecantError('limit', 'too many calls of OpenVINO are under way', {
    cause,
    remedy: 'Wait for some of them before starting more.',
  });
