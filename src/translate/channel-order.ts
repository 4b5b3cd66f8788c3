import type { Builder } from '../ov/builder.ts';
import type { Value } from '../ov/graph.ts';
import { permuted } from '../ov/permutation.ts';

/**
 * TensorFlow's images are [N, spatial..., C], OpenVINO's [N, C, spatial...]. Translators wrap what needs the one order
 * between transposes; a later pass sinks and cancels them.
 */

export const channelsFirstOrder = (rank: number): readonly number[] => [
  0,
  rank - 1,
  ...Array.from({ length: rank - 2 }, (_, i) => i + 1),
];

export const channelsLastOrder = (rank: number): readonly number[] => [
  0,
  ...Array.from({ length: rank - 2 }, (_, i) => i + 2),
  1,
];

export const toChannelsFirst = (b: Builder, x: Value): Value => permuted(b, x, channelsFirstOrder(x.shape.length));

export const toChannelsLast = (b: Builder, x: Value): Value => permuted(b, x, channelsLastOrder(x.shape.length));

/** Whether a `data_format` puts the channels last; TensorFlow's default does. */
export const isChannelsLast = (format: string): boolean => !format.startsWith('NC');

/** `f` of a value with its channels first, whatever its format. */
export function withChannelsFirst(b: Builder, x: Value, format: string, f: (x: Value) => Value): Value {
  return isChannelsLast(format) ? toChannelsLast(b, f(toChannelsFirst(b, x))) : f(x);
}

/** The spatial entries of a list that has one entry for each axis. */
export const spatialOf = (list: readonly number[], format: string): readonly number[] =>
  isChannelsLast(format) ? list.slice(1, -1) : list.slice(2);
