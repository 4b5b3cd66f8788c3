import { DecantError } from '../errors.ts';
import type { NativeArgument, Pointer, Slot } from './argument.ts';
import { fixArguments, fixPrototype } from './fixed-arity.ts';
import { type FunctionName, PROTOTYPES } from './functions.ts';
import { koffi } from './koffi.ts';
import { type LibraryHandle, loadLibrary } from './load-library.ts';
import { INVALID_C_PARAM, runtimeError } from './runtime-error.ts';
import { checkVersion, NEWER_OPENVINO } from './supported-version.ts';

interface NativeFunction {
  (...args: readonly NativeArgument[]): unknown;
  async(...args: readonly [...NativeArgument[], (error: Error | null, result: unknown) => void]): void;
}

const TOO_MANY_CALLS = /too many asynchronous calls/i;

const libraries = new Map<string, Library>();

/** Arguments of pending calls, to keep typed arrays reachable while native code uses them. */
const pendingArguments = new Set<readonly NativeArgument[]>();

export class Library {
  readonly path: string;
  readonly version: string;
  readonly #library: LibraryHandle;
  readonly #functions = new Map<string, NativeFunction>();

  /** Libraries are never unloaded, because their threads keep running. */
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
    this.version = koffi().decode.string(version[0]!);
    this.free('ov_version_free', version);
    checkVersion(this.version, path);
  }

  call(name: FunctionName, ...args: readonly NativeArgument[]): void {
    this.#check(this.#invoke(name, args));
  }

  async callAsync(name: FunctionName, ...args: readonly NativeArgument[]): Promise<void> {
    const native = this.#function(name, args.length);
    const given = fixArguments(PROTOTYPES[name], args);
    pendingArguments.add(args);
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
      pendingArguments.delete(args);
    }
  }

  /** Calls a function whose last parameter is `_Out_`. The caller owns the returned object. */
  create(name: FunctionName, ...args: readonly NativeArgument[]): Pointer {
    const slot: Slot = [null];
    this.call(name, ...args, slot);
    return filled(slot);
  }

  async createAsync(name: FunctionName, ...args: readonly NativeArgument[]): Promise<Pointer> {
    const slot: Slot = [null];
    await this.callAsync(name, ...args, slot);
    return filled(slot);
  }

  free(name: FunctionName, object: Pointer | NodeJS.ArrayBufferView): void {
    this.#invoke(name, [object]);
  }

  takeText(address: Pointer): string {
    const text = koffi().decode.string(address);
    this.free('ov_free', address);
    return text;
  }

  #invoke(name: FunctionName, args: readonly NativeArgument[]): unknown {
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

  /** For arguments that the C API rejects, it sets no message, so the last one is outdated. */
  #lastError(status: number): string {
    const message = status === INVALID_C_PARAM ? null : this.#invoke('ov_get_last_err_msg', []);
    if (typeof message === 'bigint') return this.takeText(message);
    return String(this.#invoke('ov_get_error_info', [status]));
  }
}

/** koffi's types are global to the process, so a second copy of this module may have defined it. */
function defineShape(): void {
  try {
    koffi().type('ov_shape_t');
  } catch {
    koffi().struct('ov_shape_t', { rank: 'int64_t', dims: 'int64_t *' });
  }
}

const filled = ([object]: Slot): Pointer => object ?? 0n;

const tooManyCalls = (cause: Error): DecantError =>
  new DecantError('limit', 'too many OpenVINO calls are pending', {
    cause,
    remedy: 'Await some of them before starting more.',
  });
