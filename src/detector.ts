import { detectImage, type Timings } from './detect/detect-image.ts';
import type { Detection, Selection } from './detect/detection.ts';
import { findHead } from './detect/heads/find-head.ts';
import type { Head, Port, Ports } from './detect/heads/head.ts';
import type { Image } from './detect/image.ts';
import type { Labels } from './detect/labels.ts';
import { readImage } from './detect/read-image.ts';
import { irLabels } from './ir-labels.ts';
import { type CacheableOptions, cachedModel } from './model-cache.ts';
import { isIr } from './platform/is-ir.ts';
import type { CompiledModel } from './runtime/compiled-model.ts';
import type { Config } from './runtime/config.ts';
import { Core } from './runtime/core.ts';
import type { InferRequest } from './runtime/infer-request.ts';
import type { Output } from './runtime/output.ts';

export interface DetectorOptions {
  /** `AUTO` by default, which lets OpenVINO choose. */
  readonly device?: string | undefined;
  /**
   * The precision of the arithmetic, `f32` by default: a CPU that can would otherwise compute in bf16, which moves scores
   * by some hundredths. `default` leaves the choice to the device.
   */
  readonly precision?: 'f32' | 'f16' | 'bf16' | 'default' | undefined;
  /** The names of the classes; those that the IR carries, or those of the model's convention, by default. */
  readonly labels?: Labels | undefined;
  /** Properties for `compileModel`. */
  readonly config?: Config | undefined;
  /** For a TensorFlow model, which is converted and cached first; with translators of your own, convert and save it. */
  readonly convert?: CacheableOptions | undefined;
  /** The OpenVINO to use; the detector makes, and closes, one of its own by default. */
  readonly core?: Core | undefined;
}

export interface DetectOptions extends Selection {
  /** The detector's own by default. */
  readonly labels?: Labels | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was found in one picture. */
export interface DetectionResult {
  /** The picture as it was read: what `drawDetections` draws on. */
  readonly image: Image;
  readonly width: number;
  readonly height: number;
  /** Best first; boxes in pixels of the picture. */
  readonly detections: readonly Detection[];
  /** Milliseconds. */
  readonly ms: Timings & { readonly read: number };
}

/** A detector that is ready to run. `close()` it, or declare it with `using`. */
export class Detector implements Disposable {
  readonly compiled: CompiledModel;
  readonly labels: Labels;
  /** The path of the IR that runs. */
  readonly path: string;
  /** Milliseconds that the conversion took; undefined for an IR, and for a model that was converted before. */
  readonly converted: number | undefined;
  readonly #head: Head;
  readonly #reads: readonly string[];
  readonly #ownCore: Core | undefined;
  readonly #idle: InferRequest[] = [];

  private constructor(
    compiled: CompiledModel,
    path: string,
    converted: number | undefined,
    labels: Labels | undefined,
    ownCore: Core | undefined,
  ) {
    this.compiled = compiled;
    this.path = path;
    this.converted = converted;
    this.#head = findHead(portsOf(compiled));
    this.#reads = this.#head.reads.map(({ names }) => names[0]!);
    this.labels = labels ?? this.#head.labels;
    this.#ownCore = ownCore;
  }

  /**
   * Loads an IR (`.xml`), or a TensorFlow model, which is converted first and kept in decant's cache.
   *
   * @throws DecantError those of `convertModel`, `runtime-missing` without OpenVINO, `not-found` for a device that is not
   * there, `unsupported` for a model that is no detector of a known kind
   */
  static async load(path: string, options: DetectorOptions = {}): Promise<Detector> {
    const { device = 'AUTO', precision = 'f32', config = {}, convert } = options;
    const ready = await isIr(path);
    // Without OpenVINO, a conversion would be in vain.
    const core = options.core ?? new Core();
    const own = core === options.core ? undefined : core;
    try {
      const { xml, converted } = ready ? { xml: path } : await cachedModel(path, convert);
      const labels = options.labels ?? (await irLabels(xml));
      const hint: Config = precision === 'default' ? {} : { INFERENCE_PRECISION_HINT: precision };
      using model = await core.readModel(xml);
      // A model that is no detector is refused before the work of compiling it.
      findHead(portsOf(model));
      const compiled = await core.compileModel(model, device, {
        PERFORMANCE_HINT: 'LATENCY',
        ...hint,
        ...config,
      });
      return new Detector(compiled, xml, converted, labels, own);
    } catch (thrown) {
      own?.close();
      throw thrown;
    }
  }

  /** The devices that really run it: `CPU`. */
  get device(): string {
    return this.compiled.getProperty('EXECUTION_DEVICES').replaceAll(/[()]/g, '');
  }

  /** The model's convention. */
  get kind(): string {
    return this.#head.name;
  }

  /** The id of the first class, for lists of names that hold no ids. */
  get firstClassId(): number {
    return this.#head.firstClassId;
  }

  /**
   * Finds objects in a picture; several calls may run at once.
   *
   * @param input a path, a file URL, the bytes of a picture file, or a picture that was read
   * @throws DecantError `not-found`, `bad-image`, `cancelled`
   */
  async detect(input: string | URL | Uint8Array | Image, options: DetectOptions = {}): Promise<DetectionResult> {
    const start = performance.now();
    const image =
      typeof input === 'string' || input instanceof URL || input instanceof Uint8Array ? await readImage(input) : input;
    const read = performance.now() - start;
    const request = this.#idle.pop() ?? this.compiled.createInferRequest();
    try {
      const { detections, timings } = await detectImage(
        image,
        this.#head,
        inputs => request.inferAsync(inputs, { outputs: this.#reads, signal: options.signal }),
        { ...options, labels: options.labels ?? this.labels },
      );
      return { image, width: image.width, height: image.height, detections, ms: { read, ...timings } };
    } finally {
      this.#idle.push(request);
    }
  }

  /** Frees the model, and OpenVINO with it where the detector made it. */
  close(): void {
    this.compiled.close();
    this.#ownCore?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const portsOf = ({ inputs, outputs }: Pick<CompiledModel, 'inputs' | 'outputs'>): Ports => ({
  inputs: inputs.map(toPort),
  outputs: outputs.map(toPort),
});

const toPort = (output: Output): Port => ({ names: [output.anyName], type: output.elementType, shape: output.shape });
