import type { OpCase } from '../op-case.ts';
import { bitwise } from './bitwise.ts';
import { color } from './color.ts';
import { controlFlow } from './control-flow.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { expand } from './expand.ts';
import { featureMaps } from './feature-maps.ts';
import { gather } from './gather.ts';
import { join } from './join.ts';
import { matmul } from './matmul.ts';
import { pooling } from './pooling.ts';
import { reduce } from './reduce.ts';
import { reshape } from './reshape.ts';
import { select } from './select.ts';
import { slice } from './slice.ts';
import { unary } from './unary.ts';

/** The cases of every op, a file for each file of ops. */
export const FAMILIES: Readonly<Record<string, readonly OpCase[]>> = {
  elementwise,
  bitwise,
  unary,
  reduce,
  reshape,
  expand,
  join,
  slice,
  gather,
  select,
  convolution,
  pooling,
  matmul,
  featureMaps,
  color,
  controlFlow,
};
