import { type DetectedImage, detectImage, type DetectImageOptions, readDetections } from '../detect/detect-image.ts';
import { detectTiles } from '../detect/detect-tiles.ts';
import { checkSelection, DEFAULT_THRESHOLD, type Detection } from '../detect/detection.ts';
import type { Head } from '../detect/heads/head.ts';
import type { Tensors } from '../detect/heads/port.ts';
import { checkTiles, tilesOf } from '../detect/tiles.ts';
import { checkArgument, checkOptions, iterable, object, text } from '../check.ts';
import { asDecantError, DecantError } from '../errors.ts';
import { IMAGE_SIZE } from '../image/check-image.ts';
import type { Image, Size } from '../image/image.ts';
import { type ImageInput, openImage } from '../image/open-image.ts';
import { classesIn, classIdsOf, type Labels } from '../labels/labels.ts';
import { isServedModel } from '../kserve/model-address.ts';
import { type AnyIterable, mapAhead } from '../pipeline/map-ahead.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import { Core } from '../runtime/core.ts';
import { type CompiledDetector, compileDetector, rejectConversion } from './compile-detector.ts';
import { DETECT_ALL_OPTIONS, DETECT_OPTIONS, DETECTOR_OPTIONS } from './check-detector-options.ts';
import type { DetectionOutcome, DetectionResult } from './detection-result.ts';
import type { DetectAllOptions, DetectOptions, DetectorOptions } from './detector-options.ts';
import { BatchPool, batchOf } from './batch-pool.ts';
import { networkPorts } from './network-ports.ts';
import { InferencePool, type Inferences } from './inference-pool.ts';
import { type ResolvedModel, resolveModel } from './resolve-model.ts';

/**
 * A loaded detector. Free its native memory with `close()`, or declare it with `using`.
 *
 * @example
 * ```ts
 * import { Detector } from 'decant';
 *
 * using detector = await Detector.load('centernet.json', { device: 'CPU' });
 * const { detections } = await detector.detect('photo.jpg', { threshold: 0.3 });
 * for (const { label, score, box } of detections) console.log(label, score, box.xmin, box.ymin);
 * ```
 */
export class Detector implements Disposable {
  readonly labels: Labels;
  /** Path of the IR, or URL of the model on a server. */
  readonly path: string;
  readonly notes: readonly string[];
  /** Duration of the conversion in milliseconds; undefined for an IR or a cached model. */
  readonly converted: number | undefined;
  /** Number of parallel inferences, which OpenVINO chooses for the device and the performance hint. */
  readonly requests: number;
  /** Id of the first class, for lists of class names without ids. */
  readonly firstClassId: number;
  readonly #head: Head;
  readonly #pool: Inferences;
  readonly #compiled: CompiledModel | undefined;
  readonly #ownCore: Core | undefined;

  private constructor(
    { path, notes, converted, labels, firstClassId, head }: Omit<CompiledDetector, 'compiled'>,
    pool: Inferences,
    compiled?: CompiledModel,
    ownCore?: Core,
  ) {
    this.path = path;
    this.notes = notes;
    this.converted = converted;
    this.labels = labels ?? head.labels;
    this.firstClassId = firstClassId ?? head.firstClassId;
    this.requests = pool.size;
    this.#head = head;
    this.#pool = pool;
    this.#compiled = compiled;
    this.#ownCore = ownCore;
  }

  /**
   * Loads a detector from an IR (`.xml`) or a TensorFlow model, which is converted and cached. Names and URLs are
   * downloaded first. A URL such as `http://host:8080/v2/models/NAME` is a model on a server of the Open Inference Protocol
   * (`decant serve`, OpenVINO Model Server, Triton), which runs the inferences.
   *
   * @throws DecantError those of `convertModel`; `invalid-argument` for input shapes or a signature with an IR, or options that
   * a server has chosen, `runtime-missing` without OpenVINO, `not-found` for an unknown device or a model that the server
   * lacks, `unsupported` if the model is not a known kind of detector
   */
  static async load(model: string, options: DetectorOptions = {}): Promise<Detector> {
    checkArgument(model, 'the model', text);
    checkOptions(options, DETECTOR_OPTIONS);
    if (isServedModel(model)) return Detector.#connect(model, options);
    return Detector.loadResolved(await resolveModel(model), options);
  }

  static async #connect(url: string, options: DetectorOptions): Promise<Detector> {
    // Imported only now: most programs run their models themselves.
    const [{ connectDetector }, { RemotePool }] = await Promise.all([
      import('./connect-detector.ts'),
      import('./remote-pool.ts'),
    ]);
    const apiKey = options.apiKey ?? process.env['DECANT_API_KEY'];
    const { model, ...detector } = await connectDetector(url, { ...options, apiKey });
    return new Detector(
      { ...detector, path: url, converted: undefined },
      new RemotePool(model, namesOf(detector.head)),
    );
  }

  /** @internal */
  static async loadResolved(model: ResolvedModel, options: DetectorOptions = {}): Promise<Detector> {
    if (model.kind === 'ir') rejectConversion(model.path, options.convert);
    // Created before the conversion, which is useless without OpenVINO.
    const core = options.core ?? new Core();
    const ownCore = core === options.core ? undefined : core;
    try {
      const { compiled, ...detector } = await compileDetector(core, model, options);
      return new Detector(detector, poolOf(compiled, namesOf(detector.head)), compiled, ownCore);
    } catch (thrown) {
      ownCore?.close();
      throw thrown;
    }
  }

  /** The compiled model. @throws DecantError `unsupported` if the model is on a server */
  get compiled(): CompiledModel {
    if (this.#compiled !== undefined) return this.#compiled;
    throw new DecantError('unsupported', `${this.path} is compiled on its server`, {
      remedy: 'Ask the server, or load the model itself.',
    });
  }

  /** The device that runs the model, or the host of the server. */
  get device(): string {
    if (this.#compiled === undefined) return new URL(this.path).host;
    return this.#compiled.getProperty('EXECUTION_DEVICES').replaceAll(/[()]/g, '');
  }

  /** The model's output convention. */
  get kind(): string {
    return this.#head.name;
  }

  /** Why the model was recognized as this kind: `it has the outputs detection_boxes, ...`. */
  get reason(): string {
    return this.#head.reason;
  }

  /**
   * Detects objects in an image. Several calls may run in parallel.
   *
   * @throws DecantError `not-found`, `bad-image`, `invalid-argument`, `cancelled`
   */
  async detect(input: ImageInput, options: DetectOptions = {}): Promise<DetectionResult> {
    checkOptions(options, DETECT_OPTIONS);
    const { signal } = options;
    const selection = this.#selectionOf(options);
    const start = performance.now();
    const opened = this.#pool.expect?.();
    const image = await openImage(input, signal).catch((thrown: unknown) => {
      opened?.();
      throw thrown;
    });
    const read = performance.now() - start;
    const detect = (part: Image, partOptions: DetectImageOptions): Promise<DetectedImage> =>
      this.#detectPart(part, partOptions, signal);
    const tiles = options.tiles === undefined ? [] : tilesOf(image, options.tiles);
    const detecting =
      tiles.length > 1 ? detectTiles(image, tiles, detect, selection, this.requests + 1) : detect(image, selection);
    opened?.();
    const { detections, timings } = await detecting;
    return {
      image,
      width: image.width,
      height: image.height,
      detections,
      ...(options.tiles !== undefined && { tiles: tiles.length > 1 ? tiles.length : 0 }),
      ms: { read, ...timings },
    };
  }

  #selectionOf({ threshold = DEFAULT_THRESHOLD, classes, ...options }: DetectOptions): DetectImageOptions {
    if (classes !== undefined && options.classIds !== undefined) {
      throw new DecantError('invalid-argument', 'classes and classIds cannot be combined', {
        remedy: 'Use classes.',
      });
    }
    const labels = options.labels ?? this.labels;
    const classIds = classes === undefined ? options.classIds : classIdsOf(labels, classesIn(classes));
    return { ...options, threshold, classIds, labels };
  }

  async #detectPart(
    image: Image,
    options: DetectImageOptions,
    signal: AbortSignal | undefined,
  ): Promise<DetectedImage> {
    let infer = 0;
    const prepared = this.#pool.expect?.();
    const run = async (inputs: Tensors): Promise<Tensors> => {
      const inference = this.#pool.infer(inputs, signal);
      prepared?.();
      const { outputs, ms } = await inference;
      infer = ms;
      return outputs;
    };
    try {
      const { detections, timings } = await detectImage(image, this.#head, run, options);
      return { detections, timings: { ...timings, infer } };
    } finally {
      prepared?.();
    }
  }

  /**
   * Detects objects in a sequence of images. Images are read ahead while others run on the device, and are requested only
   * when there is room, so memory use does not depend on the length of the sequence. An unreadable image yields an
   * `error` and does not end the iteration.
   *
   * @throws DecantError `invalid-argument`, `cancelled`; errors of the iterable itself
   */
  async *detectAll<P extends ImageInput>(
    inputs: AnyIterable<P>,
    options: DetectAllOptions = {},
  ): AsyncGenerator<DetectionOutcome<P>, void, undefined> {
    checkOptions(options, DETECT_ALL_OPTIONS);
    checkArgument(inputs, 'the images', iterable);
    const { ordered, concurrency = 2 * this.requests + 1, signal, ...rest } = options;
    this.#selectionOf(rest);
    checkSelection(rest);
    if (rest.tiles !== undefined) checkTiles(rest.tiles);
    let count = 0;
    const detect = async (input: P, stop: AbortSignal): Promise<DetectionOutcome<P>> => {
      const index = count++;
      try {
        return { index, input, result: await this.detect(input, { ...rest, signal: stop }) };
      } catch (thrown) {
        const error = asDecantError(thrown);
        if (error.code === 'cancelled' || error.code === 'internal') throw error;
        return { index, input, error };
      }
    };
    yield* mapAhead(inputs, detect, { concurrency, ordered, signal });
  }

  /**
   * Detects objects in a frame that is passed to the model unchanged, as input tensors by name. Boxes are in pixels of an
   * image of `size`.
   *
   * @throws DecantError `not-found`, `invalid-argument` for tensors that do not match the inputs, `cancelled`
   */
  async detectFrame(frame: Tensors, size: Size, options: DetectOptions = {}): Promise<readonly Detection[]> {
    checkArgument(frame, 'the frame', object, 'Pass tensors by the names of the inputs.');
    checkArgument(size, 'the size', IMAGE_SIZE);
    checkOptions(options, DETECT_OPTIONS);
    const selection = this.#selectionOf(options);
    checkSelection(selection);
    const { outputs } = await this.#pool.infer(frame, options.signal);
    return readDetections(this.#head, outputs, size, selection);
  }

  /** Frees the model, and OpenVINO unless it was passed as `core`. */
  close(): void {
    this.#compiled?.close();
    this.#ownCore?.close();
  }

  /** Calls `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

const namesOf = ({ requiredOutputs }: Head): readonly string[] => requiredOutputs.map(({ names }) => names[0]!);

function poolOf(compiled: CompiledModel, outputs: readonly string[]): Inferences {
  const pool = new InferencePool(compiled, outputs);
  const batch = batchOf(networkPorts(compiled));
  return batch > 1 ? new BatchPool(pool, batch) : pool;
}
