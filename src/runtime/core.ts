import { DecantError } from '../errors.ts';
import { findOpenVino } from '../openvino/location.ts';
import { CompiledModel } from './compiled-model.ts';
import { type Config, propertyTexts } from './config.ts';
import type { FunctionName } from './functions.ts';
import { Handle, NativeObject } from './handle.ts';
import type { Argument, Pointer, Slot } from './argument.ts';
import { Library } from './library.ts';
import { textAt, wordsAt } from './memory.ts';
import { Model } from './model.ts';
import { existingPath, type ModelSource, readCall } from './read-call.ts';

/** Which OpenVINO a core is of. */
export interface CoreOptions {
  /** OpenVINO's C library or a folder that holds it; found by itself by default. */
  readonly library?: string | undefined;
}

/** A plugin's version. */
export interface Version {
  readonly buildNumber: string;
  readonly description: string;
}

/** Devices that stand for others, and are not listed among them. */
const VIRTUAL_DEVICES: ReadonlySet<string> = new Set(['AUTO', 'BATCH', 'HETERO', 'MULTI']);

/** OpenVINO. All else is made from it. */
export class Core extends NativeObject {
  /**
   * @throws DecantError `runtime-missing` where no OpenVINO is found, `runtime-failed` for one that cannot be loaded or
   * is older than 2024.0
   */
  constructor({ library: path }: CoreOptions = {}) {
    const library = Library.at(findOpenVino(path));
    const core = library.create('ov_core_create');
    super(new Handle(library, 'core', core, { free: object => library.free('ov_core_free', object) }));
  }

  /** The path of OpenVINO's C library. */
  get library(): string {
    return this.handle.library.path;
  }

  /** OpenVINO's build number: `2026.4.1-22982-e213a147257-releases/2026/4`. */
  get version(): string {
    return this.handle.library.version;
  }

  /** `['CPU', 'GPU.0', 'NPU']` */
  getAvailableDevices(): readonly string[] {
    const { library, object } = this.handle;
    // `ov_available_devices_t`: a pointer to pointers to names, and their number.
    const list = new BigInt64Array(2);
    library.call('ov_core_get_available_devices', object, list);
    const devices = Array.from(wordsAt(list[0]!, Number(list[1]!)), textAt);
    library.free('ov_available_devices_free', list);
    return devices;
  }

  /** The version of the plugin of each device in `device`, which may name several. */
  getVersions(device: string): Readonly<Record<string, Version>> {
    const { library, object } = this.handle;
    // `ov_core_version_list_t`: a pointer to triples of pointers (device, build number, description), and their number.
    const list = new BigInt64Array(2);
    this.#on(device, () => library.call('ov_core_get_versions_by_device_name', object, device, list));
    const words = wordsAt(list[0]!, 3 * Number(list[1]!));
    const versions = Array.from({ length: Number(list[1]!) }, (_, i) => {
      const [name, buildNumber, description] = Array.from(words.subarray(3 * i, 3 * i + 3), textAt);
      return [name!, { buildNumber: buildNumber!, description: description! }] as const;
    });
    library.free('ov_core_versions_free', list);
    return Object.fromEntries(versions);
  }

  /** A property of OpenVINO, or of a device, as OpenVINO prints it. @throws DecantError `runtime-failed` without one */
  getProperty(...key: [name: string] | [device: string, name: string]): string {
    const [device, name] = key.length === 1 ? ['', ...key] : key;
    const { library, object } = this.handle;
    return this.#on(device, () => library.takeText(library.create('ov_core_get_property', object, device, name)));
  }

  /** Sets properties of OpenVINO, or of a device, for the models compiled from now on. */
  setProperty(...change: [config: Config] | [device: string, config: Config]): void {
    const [device, config] = change.length === 1 ? ['', ...change] : change;
    const { library, object } = this.handle;
    for (const [name, value] of propertyTexts(config)) {
      this.#on(device, () => library.call('ov_core_set_property', object, device, name, value));
    }
  }

  /**
   * Reads an IR from memory, or any format that OpenVINO reads from a file or folder, off the main thread.
   *
   * @throws DecantError `not-found` for a path without file, `runtime-failed` when OpenVINO cannot read it
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

  /** `readModel`, on the spot. */
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
   * Compiles a model, or the file at a path, for a device, off the main thread. Note that a CPU may compute in bf16 or
   * f16 unless `config` has `{ INFERENCE_PRECISION_HINT: 'f32' }`.
   *
   * @throws DecantError `not-found` for a device that is not there, `runtime-failed` when OpenVINO cannot compile it
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

  /** `compileModel`, on the spot. */
  compileModelSync(model: Model | string, device: string, config: Config = {}): CompiledModel {
    const { library, object } = this.handle;
    const slot: Slot = [null];
    const target = typeof model === 'string' ? existingPath(model) : this.#own(model).object;
    this.#on(device, () => library.call(...compileCall(object, target, device, config, slot)));
    return this.#compiled(slot);
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

  /** The handle of a model, whose memory only the library that it comes from understands. */
  #own(model: Model): Handle {
    const handle = NativeObject.handleOf(model);
    if (handle.library === this.handle.library) return handle;
    throw new DecantError('invalid-argument', 'the model was read by another OpenVINO than this core');
  }

  #on<T>(device: string, work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw this.#explain(device, thrown);
    }
  }

  /** Where the device is not there, the error that says so; OpenVINO's own says it in many ways. */
  #explain(device: string, thrown: unknown): unknown {
    if (!(thrown instanceof DecantError) || thrown.code !== 'runtime-failed' || device === '') return thrown;
    const kind = kindOf(device);
    const devices = this.getAvailableDevices();
    if (VIRTUAL_DEVICES.has(kind) || devices.some(name => kindOf(name) === kind)) return thrown;
    return new DecantError('not-found', `there is no device '${device}' here`, {
      remedy: `The devices here are ${[...devices, ...VIRTUAL_DEVICES].join(', ')}.`,
      cause: thrown,
    });
  }
}

/** `GPU` of `GPU.1`, `HETERO` of `HETERO:GPU,CPU`. */
const kindOf = (device: string): string => device.split(/[.:(]/, 1)[0]!;

const compileCall = (
  core: Pointer,
  target: Pointer | string,
  device: string,
  config: Config,
  slot: Slot,
): [FunctionName, ...Argument[]] => {
  const texts = propertyTexts(config).flat();
  const name = typeof target === 'string' ? 'ov_core_compile_model_from_file' : 'ov_core_compile_model';
  return [name, core, target, device, texts.length, slot, ...texts];
};
