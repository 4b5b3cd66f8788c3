import { tensorOf } from '../../tensor/tensor.ts';
import type { Head } from './head.ts';
import { type Feeding, feedImage, imagePort, noImagePort } from './image-port.ts';
import type { Normalization, Ports, Tensors } from './port.ts';

interface Feed extends Normalization {
  /** Of an input of bytes: what it can hold. */
  readonly range?: readonly [low: number, high: number];
}

/** What detectors take that do not say: -1..1 as reals, and the same as bytes with or without a sign. */
const DEFAULTS = {
  f32: { mean: [127.5], std: [127.5] },
  i8: { mean: [128], std: [1], range: [-128, 127] },
  u8: { mean: [0], std: [1], range: [0, 255] },
} as const satisfies Readonly<Record<string, Feed>>;

const isKnown = (type: string): type is keyof typeof DEFAULTS => Object.hasOwn(DEFAULTS, type);

/** Returns the part of a head that feeds a stretched image to a TensorFlow Lite model, or why there is none. */
export function liteFeeding(ports: Ports, feeding: Pick<Feeding, 'antialias'> = {}): Pick<Head, 'prepare'> | string {
  const type = ports.inputs[0]?.type ?? '';
  const input = imagePort({ ...ports, inputs: ports.inputs.map(port => ({ ...port, type: 'f32' })) });
  if (input === undefined || !isKnown(type)) return noImagePort(ports);
  const feed: Feed = { ...DEFAULTS[type], ...ports.normalization };
  return {
    async prepare(image) {
      const fed = await feedImage(image, input, {
        ...feeding,
        mean: perChannel(feed.mean),
        scale: perChannel(feed.std),
      });
      return feed.range === undefined ? fed : { [input.name]: asBytes(fed[input.name]!, type, feed.range) };
    },
  };
}

const perChannel = (values: readonly number[]): readonly number[] =>
  [0, 1, 2].map(channel => values[channel % values.length]!);

function asBytes(
  { shape, data }: Tensors[string],
  type: 'f32' | 'i8' | 'u8',
  [low, high]: readonly [number, number],
): Tensors[string] {
  const values = Float32Array.from(data as Float32Array, value => Math.min(Math.max(Math.round(value), low), high));
  return tensorOf(type, shape, values);
}
