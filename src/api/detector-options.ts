import type { HeadChoice } from '../detect/heads/find-head.ts';
import type { Selection } from '../detect/detection.ts';
import type { Tiles } from '../detect/tiles.ts';
import type { Labels } from '../labels/labels.ts';
import type { Config } from '../runtime/config.ts';
import type { Core } from '../runtime/core.ts';
import type { CacheableOptions } from './model-cache.ts';

/** Device, precision and class names of a detector. */
export interface DetectorOptions {
  /** OpenVINO device; `AUTO` by default. */
  readonly device?: string | undefined;
  /**
   * Inference precision; `f32` by default, because CPUs that support bf16 would otherwise use it, which changes scores by
   * a few hundredths. `default` leaves the choice to the device.
   */
  readonly precision?: 'f32' | 'f16' | 'bf16' | 'default' | undefined;
  /** `latency` (the default) runs one image on the whole device, `throughput` runs several images in parallel. */
  readonly performanceHint?: 'latency' | 'throughput' | undefined;
  /**
   * The kind of detector: a name from `docs/detectors.md`, or a description. By default, the one chosen for the conversion,
   * or the one that fits the outputs.
   */
  readonly head?: HeadChoice | undefined;
  /** Class names; by default those in the IR, or those of the model's output convention. */
  readonly labels?: Labels | undefined;
  /**
   * Folder where OpenVINO keeps compiled models, so that loading the same model again takes less time; created if it does
   * not exist. Use only a folder that nobody else writes to: OpenVINO does not check its content for damage.
   */
  readonly cacheDir?: string | undefined;
  readonly config?: Config | undefined;
  /** How to convert a TensorFlow model. To use your own translators, convert and save the model instead. */
  readonly convert?: CacheableOptions | undefined;
  /** Key for a model on a server that requires one; by default, `DECANT_API_KEY`. */
  readonly apiKey?: string | undefined;
  /** OpenVINO instance to use; by default, one is created and closed. */
  readonly core?: Core | undefined;
}

/** Options for one image. */
export interface DetectOptions extends Selection {
  /** Lowest score, 0..1; 0.5 by default. */
  readonly threshold?: number | undefined;
  /** Reports only these classes, by name (in any case) or by id, as a list or as text: `['dog', 18]`, `person,dog,7`. */
  readonly classes?: string | readonly (string | number)[] | undefined;
  readonly labels?: Labels | undefined;
  /** Also runs on overlapping tiles, to find small objects in large images. */
  readonly tiles?: Tiles | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options for a sequence of images. */
export interface DetectAllOptions extends DetectOptions {
  /** Yields results in the order of the images (the default), or as soon as they are available. */
  readonly ordered?: boolean | undefined;
  /**
   * Maximum number of images in memory; `Detector.requests` of them run on the device. The default leaves room to read
   * ahead.
   */
  readonly concurrency?: number | undefined;
}
