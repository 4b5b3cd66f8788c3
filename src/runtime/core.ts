import { checkArgument, checkOptions, kind, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { nearestHint } from '../nearest-names.ts';
import { findOpenVino } from '../openvino/location.ts';
import { CompiledModel } from './compiled-model.ts';
import { type Config, propertyTexts } from './config.ts';
import type { FunctionName } from './functions.ts';
import { Handle, NativeObject } from './handle.ts';
import type { NativeArgument, Pointer, Slot } from './argument.ts';
import { Library } from './library.ts';
import { textAt, wordsAt } from './memory.ts';
import { Model } from './model.ts';
import { existingPath, type ModelSource, readCall } from './read-call.ts';

/** Selects the OpenVINO library of a core. */
export interface CoreOptions {
  /** Path of OpenVINO's C library or of a folder that contains it; searched for by default. */
  readonly library?: string | undefined;
}

/** Version of a device plugin. */
export interface Version {
  readonly buildNumber: string;
  readonly description: string;
}

/** Devices of OpenVINO that a machine may lack. */
const HARDWARE: ReadonlySet<string> = new Set(['CPU', 'GPU', 'NPU']);
const VIRTUAL_DEVICES: ReadonlySet<string> = new Set(['AUTO', 'BATCH', 'HETERO', 'MULTI']);

/**
 * Entry point to OpenVINO: reads and compiles models, and owns all objects created from it. Cores are independent of each
 * other, but share the loaded library.
 *
 * @example
 * ```ts
 * import { Core } from 'decant';
 *
 * using core = new Core();
 * using model = await core.readModel('model.xml');
 * using compiled = await core.compileModel(model, 'CPU');
 * console.log(core.version, compiled.inputs.map(String));
 * ```
 */
export class Core extends NativeObject {
  /**
   * @throws DecantError `runtime-missing` if OpenVINO is not found, `runtime-failed` if it cannot be loaded or is older than
   * 2024.0
   */
  constructor(options: CoreOptions = {}) {
    checkOptions(options, { library: text });
    const { library: path } = options;
    const library = Library.at(findOpenVino(path));
    const core = library.create('ov_core_create');
    super(new Handle(library, 'core', core, { free: object => library.free('ov_core_free', object) }));
  }

  /** Path of OpenVINO's C library. */
  get library(): string {
    return this.handle.library.path;
  }

  /** OpenVINO's build number: `2026.4.1-22982-e213a147257-releases/2026/4`. */
  get version(): string {
    return this.handle.library.version;
  }

  /** Returns the names of the devices of this machine: `['CPU', 'GPU.0', 'NPU']`. */
  getAvailableDevices(): readonly string[] {
    const { library, object } = this.handle;
    // `ov_available_devices_t`: pointer to an array of name pointers, count.
    const list = new BigInt64Array(2);
    library.call('ov_core_get_available_devices', object, list);
    const devices = Array.from(wordsAt(list[0]!, Number(list[1]!)), textAt);
    library.free('ov_available_devices_free', list);
    return devices;
  }

  /** Returns the plugin version of each device that `device` refers to: `CPU`, or several as in `HETERO:GPU,CPU`. */
  getVersions(device: string): Readonly<Record<string, Version>> {
    const { library, object } = this.handle;
    // `ov_core_version_list_t`: pointer to an array of three pointers each (device, build number, description), count.
    const list = new BigInt64Array(2);
    this.#on(device, () => library.call('ov_core_get_versions_by_device_name', object, named(device), list));
    const words = wordsAt(list[0]!, 3 * Number(list[1]!));
    const versions = Array.from({ length: Number(list[1]!) }, (_, i) => {
      const [name, buildNumber, description] = Array.from(words.subarray(3 * i, 3 * i + 3), textAt);
      return [name!, { buildNumber: buildNumber!, description: description! }] as const;
    });
    library.free('ov_core_versions_free', list);
    return Object.fromEntries(versions);
  }

  /** Returns a property of the core or a device as OpenVINO prints it. @throws DecantError `runtime-failed` if missing */
  getProperty(...key: [name: string] | [device: string, name: string]): string {
    const [device, name] = key.length === 1 ? ['', ...key] : key;
    checkArgument(name, 'the name of a property', text);
    const { library, object } = this.handle;
    return this.#on(device, () =>
      library.takeText(library.create('ov_core_get_property', object, named(device), name)),
    );
  }

  /** Sets properties of the core or a device; they apply to models compiled afterwards. */
  setProperty(...change: [config: Config] | [device: string, config: Config]): void {
    const [device, config] = change.length === 1 ? ['', ...change] : change;
    const { library, object } = this.handle;
    for (const [name, value] of propertyTexts(config)) {
      this.#on(device, () => library.call('ov_core_set_property', object, named(device), name, value));
    }
  }

  /**
   * Reads an IR from memory, or a file or folder in any format that OpenVINO reads, on a worker thread. Weights in memory
   * are copied.
   *
   * @throws DecantError `not-found` if the path does not exist, `runtime-failed` if OpenVINO cannot read it
   */
  async readModel(source: ModelSource): Promise<Model> {
    const { library } = this.handle;
    const { name, args, release } = readCall(library, source);
    try {
      return await this.handle.during(async core => this.#model(await library.createAsync(name, core, ...args)));
    } finally {
      release();
    }
  }

  /** `readModel`, on the calling thread. */
  readModelSync(source: ModelSource): Model {
    const { library, object } = this.handle;
    const { name, args, release } = readCall(library, source);
    try {
      return this.#model(library.create(name, object, ...args));
    } finally {
      release();
    }
  }

  /**
   * Compiles a model, or the file at a path, for a device, on a worker thread. The compiled model is independent of `model`,
   * which may be closed afterwards. CPUs may compute in bf16 or f16 unless `config` is
   * `{ INFERENCE_PRECISION_HINT: 'f32' }`.
   *
   * @throws DecantError `not-found` if the device or path does not exist, `runtime-failed` if compilation fails
   */
  async compileModel(model: Model | string, device: string, config: Config = {}): Promise<CompiledModel> {
    const { library } = this.handle;
    const slot: Slot = [null];
    try {
      return await this.handle.during(async core => {
        const compile = (target: Pointer | string): Promise<void> =>
          library.callAsync(...compileCall(core, target, device, config, slot));
        await (typeof model === 'string' ? compile(existingPath(model)) : this.#own(model).during(compile));
        return this.#compiled(slot);
      });
    } catch (thrown) {
      throw this.#explain(device, thrown);
    }
  }

  /** `compileModel`, on the calling thread. */
  compileModelSync(model: Model | string, device: string, config: Config = {}): CompiledModel {
    const { library, object } = this.handle;
    const slot: Slot = [null];
    const target = typeof model === 'string' ? existingPath(model) : this.#own(model).object;
    this.#on(device, () => library.call(...compileCall(object, target, device, config, slot)));
    return this.#compiled(slot);
  }

  /**
   * Refuses a device that this machine lacks, before slow work.
   *
   * @throws DecantError `not-found`
   * @internal
   */
  checkDevice(device: string): void {
    const missing = this.#missing(device);
    if (missing !== undefined) throw missing;
  }

  #model(object: Pointer): Model {
    const { library } = this.handle;
    const free = (model: Pointer): void => library.free('ov_model_free', model);
    return new Model(this.handle.child('model', object, { free }), this);
  }

  #compiled([object]: Slot): CompiledModel {
    const { library } = this.handle;
    const free = (compiled: Pointer): void => library.free('ov_compiled_model_free', compiled);
    return new CompiledModel(this.handle.child('compiled model', object!, { free }), this);
  }

  #own(model: Model): Handle {
    checkArgument(
      model,
      'the model',
      kind('a path or a Model', value => value instanceof Model),
    );
    const handle = NativeObject.handleOf(model);
    if (handle.library === this.handle.library) return handle;
    throw new DecantError('invalid-argument', 'the model belongs to a different OpenVINO library than this core');
  }

  #on<T>(device: string, work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw this.#explain(device, thrown);
    }
  }

  /** OpenVINO's own errors for an unknown device differ between versions and plugins. */
  #explain(device: string, thrown: unknown): unknown {
    if (!(thrown instanceof DecantError) || thrown.code !== 'runtime-failed' || device === '') return thrown;
    return this.#missing(device, thrown) ?? thrown;
  }

  #missing(device: string, cause?: DecantError): DecantError | undefined {
    const kinds = kindsIn(named(device));
    const devices = this.getAvailableDevices();
    const known = new Set([...VIRTUAL_DEVICES, ...devices.map(kindOf)]);
    if (kinds.length === 0 || kinds.some(kind => known.has(kind))) return undefined;
    const remedy = kinds.some(kind => HARDWARE.has(kind))
      ? 'OpenVINO has no plugin or driver for it on this machine: see `decant doctor`. '
      : nearestHint(device, new Set([...devices, ...VIRTUAL_DEVICES, ...HARDWARE]));
    return new DecantError('not-found', `device '${device}' is not available`, {
      remedy: `${remedy}Choose one of ${[...devices, 'AUTO'].join(', ')}.`,
      cause,
    });
  }
}

/** OpenVINO knows devices only in upper case. */
function named(device: string): string {
  checkArgument(device, 'the device', text);
  return device.toUpperCase();
}

/** `GPU.1` -> `GPU`, `HETERO:GPU,CPU` -> `GPU` and `CPU`, `AUTO:-GPU` -> nothing. */
const kindsIn = (device: string): readonly string[] =>
  device
    .slice(1 + (VIRTUAL_DEVICES.has(kindOf(device)) ? device.indexOf(':') : -1))
    .split(',')
    .map(one => kindOf(one.trim()))
    .filter(kind => !kind.startsWith('-'));

const kindOf = (device: string): string => device.split(/[.:(]/, 1)[0]!;

const compileCall = (
  core: Pointer,
  target: Pointer | string,
  device: string,
  config: Config,
  slot: Slot,
): [FunctionName, ...NativeArgument[]] => {
  const texts = propertyTexts(config).flat();
  const name = typeof target === 'string' ? 'ov_core_compile_model_from_file' : 'ov_core_compile_model';
  return [name, core, target, named(device), texts.length, slot, ...texts];
};
