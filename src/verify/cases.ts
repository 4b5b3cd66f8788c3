import { type Image, toTensor } from '../image/image.ts';
import type { Port, Ports, Tensors } from '../detect/heads/port.ts';
import { feedImage, imagePort } from '../detect/heads/image-port.ts';
import { type HeadChoice, matchHead } from '../detect/heads/find-head.ts';
import { readImage } from '../image/read-image.ts';
import { DecantError } from '../errors.ts';
import { randomTensor } from '../tensor/random-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { testImage } from './test-image.ts';

export interface VerifyCase {
  readonly name: string;
  inputs(): Promise<Tensors>;
  readonly expected?: () => Promise<Tensors>;
}

/** Height and width of generated images: one that no network has as input size, and one that is not square. */
const IMAGE_SIZES = [
  [255, 255],
  [480, 640],
] as const;

/** Used for dynamic sizes; a network may halve it five times. */
const DYNAMIC_SIZE = 64;

export function imageCases(ports: Ports, files: readonly string[], chosen?: HeadChoice): readonly VerifyCase[] {
  const head = matchHead(ports, chosen);
  const input = imagePort(ports);
  if (head === undefined && input === undefined) {
    throw new DecantError('invalid-argument', 'the model has no image input', {
      remedy: 'Leave the images out.',
    });
  }
  const feed = (image: Image): Promise<Tensors> => head?.prepare(image) ?? feedImage(image, input!);
  return files.map(file => ({ name: file, inputs: async () => feed(await readImage(file)) }));
}

export function generatedCases(ports: Ports, chosen?: HeadChoice): readonly VerifyCase[] {
  const input = imagePort(ports);
  if (input === undefined || matchHead(ports, chosen) === undefined) return [numbersCase(ports.inputs)];
  const { name, type } = input;
  const sizes = IMAGE_SIZES.map(([height, width]) => [input.height ?? height, input.width ?? width] as const);
  const images = new Map(sizes.map(([height, width]) => [`${height}x${width}`, testImage(height, width)]));
  return [...images].map(([size, image]) => ({
    name: size,
    inputs: () => Promise.resolve({ [name]: toTensor(image, type) }),
  }));
}

const numbersCase = (inputs: readonly Port[]): VerifyCase => ({
  name: 'numbers',
  inputs: () => Promise.resolve(Object.fromEntries(inputs.map((port, i) => [port.names[0]!, randomInput(port, i)]))),
});

function randomInput({ names, type, shape }: Port, seed: number): Tensor {
  if (type === 'string') {
    throw new DecantError('unsupported', `input '${names[0] ?? ''}' takes strings, which cannot be generated`, {
      remedy: 'Compare with stored inputs and outputs: `--against FILE.npz`.',
    });
  }
  const sizes = shape.map((size, axis) => size ?? (axis === 0 ? 1 : DYNAMIC_SIZE));
  return randomTensor(type, sizes, { seed });
}
