import { CORE_OPTION, DETECTOR_OPTIONS } from '../api/check-detector-options.ts';
import { INPUT_SHAPES, HEAD } from '../api/check-convert-options.ts';
import { abortSignal, atLeast, callback, type ChecksOf, flag, kind, number, oneOf, text } from '../check.ts';
import type { BenchmarkOptions } from './benchmark-options.ts';

const anything = kind('an image', value => value !== null);

export const BENCHMARK_OPTIONS: ChecksOf<BenchmarkOptions> = {
  cacheDir: text,
  config: DETECTOR_OPTIONS.config,
  convert: DETECTOR_OPTIONS.convert,
  core: CORE_OPTION,
  device: text,
  head: HEAD,
  performanceHint: oneOf('latency', 'throughput', 'cumulative_throughput', 'none'),
  api: oneOf('sync', 'async'),
  seconds: number,
  iterations: atLeast(0),
  requests: atLeast(0),
  streams: number,
  threads: number,
  precision: text,
  inputShapes: INPUT_SHAPES,
  dataShapes: INPUT_SHAPES,
  // Checked when it is opened.
  image: anything,
  profile: flag,
  onProgress: callback,
  signal: abortSignal,
};
