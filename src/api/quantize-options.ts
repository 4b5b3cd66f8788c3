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
  /** Maximum number of images to use, spread evenly over those given; 300 by default. */
  readonly subset?: number | undefined;
  /**
   * How activation ranges are chosen: `mean` (the default) averages the extremes of the images, `extremes` takes those of
   * all images, `percentile` leaves out the lowest and the highest 0.01 % of all values, and `mse` minimizes the mean
   * squared error. The last two run the model again, at least once per image.
   */
  readonly estimator?: 'mean' | 'extremes' | 'percentile' | 'mse' | undefined;
  /** Whether to correct biases for the shifts that quantization causes in the means of layer outputs; true by default. */
  readonly correctBiases?: boolean | undefined;
  /** Layers to keep in f32: parts of their names, with `*` for any text. */
  readonly keep?: readonly string[] | undefined;
  /** The kind of detector that images are prepared for, if decant does not recognize it. */
  readonly head?: HeadChoice | undefined;
  /**
   * Maximum drop of a detector's accuracy, 0..1. The layers that change most go back to f32 until the mAP on the images, with
   * the f32 model's detections as the ground truth, is at least 1 - `maxDrop`. With `annotations`, the mAP may be at most
   * `maxDrop` below that of the f32 model.
   */
  readonly maxDrop?: number | undefined;
  /** The ground truth for `maxDrop`, which includes all the images; without `maxDrop`, the drop is only measured. */
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
 * `ranges`: finding the ranges of activations. `histograms`: counting activations within them, in several passes if they do
 * not fit into memory. `noise`: measuring how much each layer changes. `accuracy`: searching for the layers to keep in f32,
 * where the total is unknown.
 */
export interface QuantizeProgress {
  readonly step: 'ranges' | 'histograms' | 'noise' | 'accuracy';
  readonly done: number;
  readonly total: number | undefined;
}
