import { toTensor } from '../image/image.ts';
import type { Port, Ports, Tensors } from '../detect/heads/port.ts';
import { feedImage, imagePort } from '../detect/heads/image-port.ts';
import { matchHead } from '../detect/heads/find-head.ts';
import { readImage } from '../image/read-image.ts';
import { DecantError } from '../errors.ts';
import { isReal } from '../tensor/element-type.ts';
import { sizeOf, type Tensor, tensorOf } from '../tensor/tensor.ts';
import { random } from './random.ts';
import { testImage } from './test-image.ts';

/** One set of inputs, by name, and what the outputs should be, where that is known beforehand. */
export interface VerifyCase {
  readonly name: string;
  inputs(): Promise<Tensors>;
  readonly expected?: () => Promise<Tensors>;
}

/** Height and width of generated pictures: one that no network has as its own, and one that is not square. */
const PICTURE_SIZES = [
  [255, 255],
  [480, 640],
] as const;

/** A size that an input leaves open: enough for a network that halves it five times. */
const OPEN_SIZE = 64;

/** A case for each picture file. @throws DecantError `invalid-argument` for a model that takes no picture */
export function imageCases(ports: Ports, files: readonly string[]): readonly VerifyCase[] {
  const input = imagePort(ports);
  if (input === undefined) {
    throw new DecantError('invalid-argument', 'the model takes no picture, so none can be given', {
      remedy: 'Leave the pictures out.',
    });
  }
  return files.map(file => ({ name: file, inputs: async () => feedImage(await readImage(file), input) }));
}

/** Pictures for a detector, in sizes that it takes; numbers for any other model. The same ones each time. */
export function generatedCases(ports: Ports): readonly VerifyCase[] {
  const input = imagePort(ports);
  if (input === undefined || matchHead(ports) === undefined) return [numbersCase(ports.inputs)];
  const { name, type } = input;
  const sizes = PICTURE_SIZES.map(([height, width]) => [input.height ?? height, input.width ?? width] as const);
  const pictures = new Map(sizes.map(([height, width]) => [`${height}x${width}`, testImage(height, width)]));
  return [...pictures].map(([size, picture]) => ({
    name: size,
    inputs: () => Promise.resolve({ [name]: toTensor(picture, type) }),
  }));
}

const numbersCase = (inputs: readonly Port[]): VerifyCase => ({
  name: 'numbers',
  inputs: () => Promise.resolve(Object.fromEntries(inputs.map((port, i) => [port.names[0]!, someNumbers(port, i)]))),
});

/** Numbers from 0 to 1; integers up to 255 where their type has them. */
function someNumbers({ names, type, shape }: Port, seed: number): Tensor {
  if (type === 'string') {
    throw new DecantError('unsupported', `input '${names[0] ?? ''}' takes texts, which cannot be made up`);
  }
  const next = random(seed);
  const sizes = shape.map((size, axis) => size ?? (axis === 0 ? 1 : OPEN_SIZE));
  const most = type === 'boolean' ? 2 : type === 'i8' ? 128 : 256;
  return tensorOf(
    type,
    sizes,
    Array.from({ length: sizeOf(sizes) }, () => (isReal(type) ? next() : Math.floor(next() * most))),
  );
}
