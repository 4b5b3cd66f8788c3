import {
  abortSignal,
  atLeast,
  type Check,
  type ChecksOf,
  flag,
  kind,
  map,
  object,
  oneOf,
  optionsOf,
  text,
} from '../check.ts';
import { SELECTION, TILES } from '../detect/check-detections.ts';
import { Core } from '../runtime/core.ts';
import { CLASSES, CONVERT_OPTIONS, HEAD } from './check-convert-options.ts';
import type { ConvertModelOptions } from './convert-model-options.ts';
import type { DetectAllOptions, DetectOptions, DetectorOptions } from './detector-options.ts';

const core: Check = kind('a Core', value => value instanceof Core);

/** Options of a conversion whose result is cached. */
const CACHED_CONVERSION: Check = optionsOf<ConvertModelOptions>({
  ...CONVERT_OPTIONS,
  translators: (_, what) =>
    `${what} are code, which the cache of converted models does not know: use convertModel and saveModel`,
});

export const DETECTOR_OPTIONS: ChecksOf<DetectorOptions> = {
  device: text,
  precision: oneOf('f32', 'f16', 'bf16', 'default'),
  performanceHint: oneOf('latency', 'throughput'),
  head: HEAD,
  labels: map,
  cacheDir: text,
  config: object,
  apiKey: text,
  convert: CACHED_CONVERSION,
  core,
};

export const DETECT_OPTIONS: ChecksOf<DetectOptions> = {
  ...SELECTION,
  classes: CLASSES,
  labels: map,
  tiles: optionsOf(TILES),
  signal: abortSignal,
};

export const DETECT_ALL_OPTIONS: ChecksOf<DetectAllOptions> = {
  ...DETECT_OPTIONS,
  ordered: flag,
  concurrency: atLeast(1),
};

/** Options that a benchmark shares with a detector. */
export const CORE_OPTION = core;
