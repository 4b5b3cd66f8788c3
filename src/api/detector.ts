import {
  type DetectedImage,
  detectImage,
  type DetectImageOptions,
  readDetections,
  type Timings,
} from '../detect/detect-image.ts';
import { checkSelection, type Detection, type Selection } from '../detect/detection.ts';
import { findHead } from '../detect/heads/find-head.ts';
import type { Head } from '../detect/heads/head.ts';
import type { Port, Ports, Tensors } from '../detect/heads/port.ts';
import type { Image, Size } from '../image/image.ts';
import type { Labels } from '../labels/labels.ts';
import { bgrHead, preprocessedHead } from '../detect/preprocessed-head.ts';
import { checkTiles, type Tiles, tilesOf } from '../detect/tiles.ts';
import { detectTiles } from '../detect/detect-tiles.ts';
import { openImage, type ImageInput } from '../image/open-image.ts';
import { asDecantError, DecantError, withinAsync } from '../errors.ts';
import { type IrInfo, readIrInfo } from './ir-info.ts';
import { type CacheableOptions, cachedModel } from './model-cache.ts';
import { resolveModel, type ResolvedModel } from './resolve-model.ts';
import { type AnyIterable, mapAhead } from '../pipeline/map-ahead.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import type { Config } from '../runtime/config.ts';
import { Core } from '../runtime/core.ts';
import type { InferRequest } from '../runtime/infer-request.ts';
import type { Output } from '../runtime/output.ts';
import { type ConcurrencyLimit, limitConcurrency } from '../pipeline/limit-concurrency.ts';

/** Where and how a detector runs, and what its classes are called. */
export interface DetectorOptions {
  /** `AUTO` by default, which lets OpenVINO choose. */
  readonly device?: string | undefined;
  /**
   * The precision of the arithmetic, `f32` by default: a CPU that can would otherwise compute in bf16, which moves scores
   * by some hundredths. `default` leaves the choice to the device.
   */
  readonly precision?: 'f32' | 'f16' | 'bf16' | 'default' | undefined;
  /**
   * `latency`, the default, gives one picture all of the device; `throughput` is for many of them, of which several are
   * looked at side by side.
   */
  readonly performanceHint?: 'latency' | 'throughput' | undefined;
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
  /** Looks at a large picture in tiles, too, for objects that are small in it; what tiles share is found once. */
  readonly tiles?: Tiles | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DetectAllOptions extends DetectOptions {
  /** Whether results come in the order of the pictures, as by default, or as they get done. */
  readonly ordered?: boolean | undefined;
  /**
   * How many pictures are in memory at once, of which as many as `Detector.requests` run on the device; by default enough
   * to read the next ones meanwhile.
   */
  readonly concurrency?: number | undefined;
}

/** What became of one picture of many: its result, or why it has none. */
export type DetectionOutcome<P> = {
  /** The picture's place in the row, from 0. */
  readonly index: number;
  readonly picture: P;
} & (
  | { readonly result: DetectionResult; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: DecantError }
);

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
  /** What the conversion decided that its user should know, as sentences. */
  readonly notes: readonly string[];
  /** Milliseconds that the conversion took; undefined for an IR, and for a model that was converted before. */
  readonly converted: number | undefined;
  /** How many inferences run at once: as many as OpenVINO finds best for the device and the performance hint. */
  readonly requests: number;
  readonly #head: Head;
  readonly #firstClassId: number | undefined;
  readonly #reads: readonly string[];
  readonly #ownCore: Core | undefined;
  readonly #idle: InferRequest[] = [];
  readonly #turn: ConcurrencyLimit;

  private constructor(
    compiled: CompiledModel,
    path: string,
    converted: number | undefined,
    info: IrInfo,
    ownCore: Core | undefined,
  ) {
    this.compiled = compiled;
    this.path = path;
    this.notes = info.notes;
    this.#firstClassId = info.firstClassId;
    this.converted = converted;
    this.requests = Number(compiled.getProperty('OPTIMAL_NUMBER_OF_INFER_REQUESTS'));
    this.#turn = limitConcurrency(this.requests);
    this.#head = headOf(compiled, info);
    this.#reads = this.#head.requiredOutputs.map(({ names }) => names[0]!);
    this.labels = info.labels ?? this.#head.labels;
    this.#ownCore = ownCore;
  }

  /**
   * Loads an IR (`.xml`), or a TensorFlow model, which is converted first and kept in decant's cache. Of a model's name or
   * URL, the model is downloaded first.
   *
   * @throws DecantError those of `convertModel`, `invalid-argument` for shapes of an IR, `runtime-missing` without OpenVINO,
   * `not-found` for a device that is not there, `unsupported` for a model that is no detector of a known kind
   */
  static async load(model: string, options: DetectorOptions = {}): Promise<Detector> {
    return Detector.loadResolved(await resolveModel(model), options);
  }

  /** @internal */
  static async loadResolved(model: ResolvedModel, options: DetectorOptions = {}): Promise<Detector> {
    const { kind, path } = model;
    const { device = 'AUTO', precision = 'f32', performanceHint = 'latency', config = {}, convert } = options;
    if (kind === 'ir') refuseConversion(path, convert);
    // Without OpenVINO, a conversion would be in vain.
    const core = options.core ?? new Core();
    const own = core === options.core ? undefined : core;
    try {
      const { xml, converted } = kind === 'ir' ? { xml: path } : await cachedModel(model, convert);
      const info = await readIrInfo(xml);
      const hint: Config = precision === 'default' ? {} : { INFERENCE_PRECISION_HINT: precision };
      using read = await withinAsync(`reading ${xml}`, () => core.readModel(xml));
      // A model that is no detector is refused before the work of compiling it.
      headOf(read, info);
      const compiled = await core.compileModel(read, device, {
        PERFORMANCE_HINT: performanceHint.toUpperCase(),
        ...hint,
        ...config,
      });
      return new Detector(compiled, xml, converted, { ...info, labels: options.labels ?? info.labels }, own);
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
    return this.#firstClassId ?? this.#head.firstClassId;
  }

  /**
   * Finds objects in a picture; several calls may run at once.
   *
   * @throws DecantError `not-found`, `bad-image`, `invalid-argument`, `cancelled`
   */
  async detect(picture: ImageInput, options: DetectOptions = {}): Promise<DetectionResult> {
    const { labels = this.labels, signal } = options;
    const start = performance.now();
    const image = await openImage(picture, signal);
    const read = performance.now() - start;
    const look = (part: Image, selection: DetectImageOptions): Promise<DetectedImage> =>
      this.#look(part, selection, signal);
    const tiles = options.tiles === undefined ? [] : tilesOf(image, options.tiles);
    const { detections, timings } = await (tiles.length > 1
      ? detectTiles(image, tiles, look, { ...options, labels }, this.requests + 1)
      : look(image, { ...options, labels }));
    return { image, width: image.width, height: image.height, detections, ms: { read, ...timings } };
  }

  async #look(image: Image, options: DetectImageOptions, signal: AbortSignal | undefined): Promise<DetectedImage> {
    let infer = 0;
    const run = async (inputs: Tensors): Promise<Tensors> => {
      const begun = performance.now();
      const outputs = await this.#infer(inputs, signal);
      infer = performance.now() - begun;
      return outputs;
    };
    const { detections, timings } = await detectImage(
      image,
      this.#head,
      inputs => this.#turn(() => run(inputs)),
      options,
    );
    // The time that it waited for its turn is not the device's.
    return { detections, timings: { ...timings, infer } };
  }

  /**
   * Finds objects in many pictures: while some run on the device, the next ones are read and scaled, and the results of
   * those before are with the caller. Pictures are only asked for when there is room, so that a row of any length takes
   * no more memory than a few of them; a slow caller holds it back. A picture that cannot be read is an outcome like
   * others, and does not end the row.
   *
   * @throws DecantError `invalid-argument` for an option that cannot be, `cancelled`; and what `pictures` itself throws
   */
  async *detectAll<P extends ImageInput>(
    pictures: AnyIterable<P>,
    options: DetectAllOptions = {},
  ): AsyncGenerator<DetectionOutcome<P>, void, undefined> {
    const { ordered, concurrency = 2 * this.requests + 1, signal, ...rest } = options;
    checkSelection(rest);
    if (rest.tiles !== undefined) checkTiles(rest.tiles);
    let count = 0;
    const look = async (picture: P, stop: AbortSignal): Promise<DetectionOutcome<P>> => {
      const index = count++;
      try {
        return { index, picture, result: await this.detect(picture, { ...rest, signal: stop }) };
      } catch (thrown) {
        const error = asDecantError(thrown);
        if (error.code === 'cancelled' || error.code === 'internal') throw error;
        return { index, picture, error };
      }
    };
    yield* mapAhead(pictures, look, { concurrency, ordered, signal });
  }

  /**
   * Finds objects in a frame that is fed as it is: the tensors that the model takes, by name. Boxes are in pixels of a
   * picture of `size`.
   *
   * @throws DecantError `not-found`, `invalid-argument` for tensors that the model does not take, `cancelled`
   */
  async detectFrame(
    frame: Tensors,
    size: Size,
    { labels = this.labels, signal, ...selection }: DetectOptions = {},
  ): Promise<readonly Detection[]> {
    checkSelection(selection);
    const outputs = await this.#turn(() => this.#infer(frame, signal));
    return readDetections(this.#head, outputs, size, { labels, ...selection });
  }

  async #infer(inputs: Tensors, signal: AbortSignal | undefined): Promise<Tensors> {
    const request = this.#idle.pop() ?? this.compiled.createInferRequest();
    try {
      return await request.inferAsync(inputs, { outputs: this.#reads, signal });
    } finally {
      this.#idle.push(request);
    }
  }

  /** Frees the model, and OpenVINO with it where the detector made it. */
  close(): void {
    this.compiled.close();
    this.#ownCore?.close();
  }

  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** An IR has its shapes: an option that nobody takes would be believed. */
function refuseConversion(path: string, { inputShapes, signature }: CacheableOptions = {}): void {
  if (inputShapes === undefined && signature === undefined) return;
  throw new DecantError('invalid-argument', `${path} is an IR, which has its input shapes and its signature already`, {
    remedy: 'Choose them when the TensorFlow model is converted.',
  });
}

/** The head of a network; preprocessing inside of it is what its frames are made for. */
function headOf(network: Pick<CompiledModel, 'inputs' | 'outputs'>, { preprocess, takesBgr }: IrInfo): Head {
  const ports = portsOf(network);
  if (preprocess === undefined) return takesBgr ? bgrHead(findHead(ports)) : findHead(ports);
  const { name, ...picture } = preprocess.picture;
  const own = findHead({ ...ports, inputs: [{ names: [name], ...picture }] });
  return preprocessedHead(own, preprocess);
}

const portsOf = ({ inputs, outputs }: Pick<CompiledModel, 'inputs' | 'outputs'>): Ports => ({
  inputs: inputs.map(toPort),
  outputs: outputs.map(toPort),
});

const toPort = (output: Output): Port => ({ names: [output.anyName], type: output.elementType, shape: output.shape });
