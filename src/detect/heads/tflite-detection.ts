import { tensorOf } from '../../tensor/tensor.ts';
import type { Head } from './head.ts';
import { feedImage, imagePort, noImagePort } from './image-port.ts';
import { type Normalization, numbersAt, portNamed, type Ports, type Tensors } from './port.ts';

const NAMES = ['', ':1', ':2', ':3'].map(suffix => `TFLite_Detection_PostProcess${suffix}`);

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

/**
 * TensorFlow Lite's op for detections, by the names that decant gives its outputs: `TFLite_Detection_PostProcess` `[1, N, 4]`
 * (ymin, xmin, ymax, xmax as fractions of the image), `:1` classes from 0 `[1, N]`, `:2` scores `[1, N]`, `:3` their number
 * `[1]`. Class names come from the IR.
 */
export function tfliteDetection(ports: Ports): Head | string {
  const [boxes, classes, scores, count] = NAMES.map(name => portNamed(ports.outputs, name));
  const missing = NAMES.find(name => portNamed(ports.outputs, name) === undefined);
  if (boxes === undefined || classes === undefined || scores === undefined || count === undefined) {
    return `there is no output '${missing!}'`;
  }
  const type = ports.inputs[0]?.type ?? '';
  const input = imagePort({ ...ports, inputs: ports.inputs.map(port => ({ ...port, type: 'f32' })) });
  if (input === undefined || !isKnown(type)) return noImagePort(ports);
  const feed: Feed = { ...DEFAULTS[type], ...ports.normalization };
  return {
    name: 'tflite-detection',
    reason: `it has the outputs ${NAMES.join(', ')}`,
    evidence: 'names',
    labels: new Map(),
    firstClassId: 0,
    detectionOutputs: [boxes, scores, classes],
    requiredOutputs: [boxes, scores, classes, count],
    candidateOutputs: [],
    encoding: { kind: 'columns', boxes, scores, classes, count, format: 'yxyx', unit: 'fractions' },
    async prepare(image) {
      const fed = await feedImage(image, input, { mean: perChannel(feed.mean), scale: perChannel(feed.std) });
      return feed.range === undefined ? fed : { [input.name]: asBytes(fed[input.name]!, type, feed.range) };
    },
    read(outputs) {
      const found = numbersAt(outputs, scores);
      const valid = Math.floor(numbersAt(outputs, count)[0] ?? 0);
      return {
        boxes: numbersAt(outputs, boxes),
        scores: found,
        classes: numbersAt(outputs, classes),
        count: Math.min(Math.max(valid, 0), found.length),
      };
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
