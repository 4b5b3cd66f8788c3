import type { DetectorOptions } from '../api/detector-options.ts';
import type { InputShapes } from '../api/input-shapes.ts';
import type { ImageInput } from '../image/open-image.ts';

/** Settings and limits of a benchmark, with the defaults of OpenVINO's `benchmark_app`, except for `seconds`. */
export interface BenchmarkOptions extends Pick<DetectorOptions, 'cacheDir' | 'config' | 'convert' | 'core' | 'head'> {
  /** OpenVINO device; `CPU` by default. */
  readonly device?: string | undefined;
  /** `throughput` by default, or `latency` with the synchronous API. `none` leaves it to the device. */
  readonly performanceHint?: 'latency' | 'throughput' | 'cumulative_throughput' | 'none' | undefined;
  /** Whether inferences start on the calling thread, one at a time; by default only with the hint `latency`. */
  readonly api?: 'sync' | 'async' | undefined;
  /** Minimum duration in seconds; 10 by default, unless there are `iterations`. */
  readonly seconds?: number | undefined;
  /** Minimum number of inferences, rounded up to a multiple of the requests. */
  readonly iterations?: number | undefined;
  /** Number of parallel requests; the optimum that OpenVINO reports by default. */
  readonly requests?: number | undefined;
  readonly streams?: number | undefined;
  readonly threads?: number | undefined;
  /** Precision of the arithmetic: `f32`, `bf16`, `f16`; the device chooses by default, unlike for a `Detector`. */
  readonly precision?: string | undefined;
  /** Shapes of the model's inputs, as in `convertModel`. */
  readonly inputShapes?: InputShapes | undefined;
  /** Shapes of the data, for inputs with dynamic sizes; 1x480x640x3 by default for images. */
  readonly dataShapes?: InputShapes | undefined;
  /** Image to infer, prepared as for `Detector.detect`; pseudorandom numbers by default. */
  readonly image?: ImageInput | undefined;
  /** Measures each op, which takes a little time itself. */
  readonly profile?: boolean | undefined;
  /** Called several times per second, with the finished part, 0..1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
