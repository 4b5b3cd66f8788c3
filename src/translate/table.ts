import { branches } from './control/branch.ts';
import { loops } from './control/loop.ts';
import { activation } from './ops/activation.ts';
import { combinedNms } from './ops/combined-nms.ts';
import { colors } from './ops/colors.ts';
import { convolution } from './ops/convolution.ts';
import { detection } from './ops/detection.ts';
import { gather } from './ops/gather.ts';
import { graph } from './ops/graph.ts';
import { image } from './ops/image.ts';
import { math } from './ops/math.ts';
import { matrices } from './ops/matrices.ts';
import { normalizations } from './ops/normalization.ts';
import { pooling } from './ops/pooling.ts';
import { quantize } from './ops/quantize.ts';
import { rearrange } from './ops/rearrange.ts';
import { reductions } from './ops/reductions.ts';
import { refused } from './ops/refused.ts';
import { resample } from './ops/resample.ts';
import { segments } from './ops/segments.ts';
import { shapes } from './ops/shapes.ts';
import { slices } from './ops/slices.ts';
import { tables } from './ops/tables.ts';
import { tensorLists } from './ops/tensor-lists.ts';
import type { Translators } from './translator.ts';

/** Every TensorFlow op that decant translates. */
export const TRANSLATORS: Translators = {
  ...activation,
  ...branches,
  ...colors,
  ...combinedNms,
  ...convolution,
  ...detection,
  ...gather,
  ...graph,
  ...image,
  ...loops,
  ...math,
  ...matrices,
  ...normalizations,
  ...pooling,
  ...quantize,
  ...rearrange,
  ...reductions,
  ...refused,
  ...resample,
  ...segments,
  ...shapes,
  ...slices,
  ...tables,
  ...tensorLists,
};
