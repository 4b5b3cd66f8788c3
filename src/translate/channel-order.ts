import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { permuted } from '../ov/permutation.ts';
import type { TfOp } from './tf-op.ts';

/**
 * TensorFlow's default channel order is [N, spatial..., C], OpenVINO's is [N, C, spatial...]. Translators transpose
 * around each op that depends on it; the pass sink-transposes cancels the pairs.
 */

const channelsFirstOrder = (rank: number): readonly number[] => [
  0,
  rank - 1,
  ...Array.from({ length: rank - 2 }, (_, i) => i + 1),
];

const channelsLastOrder = (rank: number): readonly number[] => [
  0,
  ...Array.from({ length: rank - 2 }, (_, i) => i + 2),
  1,
];

export const toChannelsFirst = (b: Builder, x: Value): Value => permuted(b, x, channelsFirstOrder(x.shape.length));

export const toChannelsLast = (b: Builder, x: Value): Value => permuted(b, x, channelsLastOrder(x.shape.length));

export const formatOf = (op: TfOp): string => op.string('data_format', op.type.endsWith('3D') ? 'NDHWC' : 'NHWC');

export const isChannelsLast = (format: string): boolean => !format.startsWith('NC');

export function withChannelsFirst(b: Builder, x: Value, format: string, f: (x: Value) => Value): Value {
  return isChannelsLast(format) ? toChannelsLast(b, f(toChannelsFirst(b, x))) : f(x);
}

export const spatialOf = <T>(list: readonly T[], format: string): readonly T[] =>
  isChannelsLast(format) ? list.slice(1, -1) : list.slice(2);
