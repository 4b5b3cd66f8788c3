import type { HeadChoice } from '../detect/heads/find-head.ts';
import type { CocoDataset } from '../eval/coco-dataset.ts';
import type { Core } from '../runtime/core.ts';
import type { ConvertModelOptions } from './convert-model-options.ts';

/** How to quantize a model. */
export interface QuantizeOptions {
  /**
   * `mixed` (the default): values with negative numbers get zero points, which is more accurate. `performance`: symmetric
   * ranges only, for devices that are slow with zero points.
   */
  readonly preset?: 'mixed' | 'performance' | undefined;
  /** Largest number of images to use, spread evenly over those given; 300 by default. */
  readonly subset?: number | undefined;
  /**
   * How ranges follow from the images: `mean` averages the lowest and highest numbers of all images (the default), `extremes`
   * takes the lowest and highest of all, `percentile` leaves out the lowest and the highest 0.01 % of all numbers, and `mse` takes
   * the range with the least mean square error. The last two run the model again, at least once for each image.
   */
  readonly estimator?: 'mean' | 'extremes' | 'percentile' | 'mse' | undefined;
  /** Whether to make up in biases for how quantization moves averages; true by default. */
  readonly correctBiases?: boolean | undefined;
  /** Layers to keep in f32: parts of names, where `*` stands for any text. */
  readonly keep?: readonly string[] | undefined;
  /** Name of the kind of detector, if decant does not find it; images are prepared for it. */
  readonly head?: HeadChoice | undefined;
  /**
   * Largest drop of accuracy, 0..1, for detectors: the layers that change most go back to f32 until the mAP of the detections in
   * the images, with those of the f32 model as the truth, is at least 1 - `maxDrop`. With `annotations`, that mAP may be by
   * `maxDrop` below the f32 model's.
   */
  readonly maxDrop?: number | undefined;
  /** The truth for `maxDrop`, with each of the images; without `maxDrop`, the drop is only measured. */
  readonly annotations?: CocoDataset | undefined;
  /** Whether to measure how much quantization changes the output of each layer; false by default, unless `maxDrop` is given. */
  readonly measureNoise?: boolean | undefined;
  /** Whether to run the quantized model on an image and count its int8 kernels; false by default. */
  readonly countKernels?: boolean | undefined;
  /** OpenVINO device on which to run the f32 model; `CPU` by default. */
  readonly device?: string | undefined;
  /** How to convert a TensorFlow model. */
  readonly convert?: Omit<ConvertModelOptions, 'compressToFp16' | 'winograd'> | undefined;
  /** OpenVINO instance to use; by default, one is created and closed. */
  readonly core?: Core | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each image of a step, or each model of the step `accuracy`. */
  readonly onProgress?: ((progress: QuantizeProgress) => void) | undefined;
}

/**
 * `ranges`: finding the ranges of activations. `histograms`: counting activations within them, in several passes if they do not fit into memory. `noise`: measuring how much
 * each layer changes. `accuracy`: searching the layers to keep in f32, of which the total is unknown.
 */
export interface QuantizeProgress {
  readonly step: 'ranges' | 'histograms' | 'noise' | 'accuracy';
  readonly done: number;
  readonly total: number | undefined;
}
