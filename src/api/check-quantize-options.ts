import {
  abortSignal,
  atLeast,
  callback,
  type ChecksOf,
  flag,
  fraction,
  listOf,
  oneOf,
  optionsOf,
  text,
} from '../check.ts';
import { DATASET } from '../eval/check-coco.ts';
import { CONVERT_OPTIONS, HEAD } from './check-convert-options.ts';
import { CORE_OPTION } from './check-detector-options.ts';
import type { QuantizeOptions } from './quantize-options.ts';

export const QUANTIZE_OPTIONS: ChecksOf<QuantizeOptions> = {
  preset: oneOf('mixed', 'performance'),
  subset: atLeast(1),
  estimator: oneOf('mean', 'extremes', 'percentile', 'mse'),
  correctBiases: flag,
  keep: listOf(text),
  head: HEAD,
  maxDrop: fraction,
  annotations: DATASET,
  measureNoise: flag,
  countKernels: flag,
  device: text,
  convert: optionsOf(CONVERT_OPTIONS),
  core: CORE_OPTION,
  signal: abortSignal,
  onProgress: callback,
};
