import type { IrInfo } from '../api/ir-info.ts';
import { networkPorts } from '../api/network-ports.ts';
import { feedImage, imagePort } from '../detect/heads/image-port.ts';
import type { Port, Ports, Tensors } from '../detect/heads/port.ts';
import { DecantError } from '../errors.ts';
import { type ImageInput, openImage } from '../image/open-image.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import { randomTensor } from '../tensor/random-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { BenchmarkOptions } from './benchmark-options.ts';
import { fixedShape, shapesByInput } from './shapes-by-input.ts';

/** Height and width of generated images for models that take any size. */
const IMAGE_SIZE = [480, 640] as const;

/** Elements of generated inputs have the range of 8-bit images. */
const SCALE = 255;

/** Returns the tensors of all inputs in order: an image, prepared as `Detector.detect` does, or pseudorandom elements. */
export async function inputTensors(
  compiled: CompiledModel,
  info: IrInfo,
  { image, dataShapes, signal, head = info.head }: BenchmarkOptions,
): Promise<readonly Tensor[]> {
  // Without the outputs, whose rank may be dynamic.
  const ports = networkPorts({ inputs: compiled.inputs, outputs: [] });
  if (image === undefined) {
    const shapes = shapesByInput(compiled, dataShapes);
    return ports.inputs.map((port, i) => randomInput(port, fixedShape(shapes.get(i)) ?? dataShapeOf(port, ports), i));
  }
  const tensors = await imageTensors(compiled, { ...info, head }, image, signal);
  return ports.inputs.map(({ names }) => tensors[names[0]!]!);
}

async function imageTensors(
  compiled: CompiledModel,
  info: IrInfo,
  input: ImageInput,
  signal: AbortSignal | undefined,
): Promise<Tensors> {
  const [{ networkHead }, { matchHead }] = await Promise.all([
    import('../api/network-head.ts'),
    import('../detect/heads/find-head.ts'),
  ]);
  const ports = networkPorts(compiled);
  const image = await openImage(input, signal);
  if (info.preprocess !== undefined || info.head !== undefined || matchHead(ports) !== undefined)
    return networkHead(compiled, info).prepare(image);
  const port = imagePort(ports, ['NHWC', 'NCHW']);
  if (port !== undefined) return feedImage(image, port);
  throw new DecantError('invalid-argument', 'the model has no image input', { remedy: 'Leave the image out.' });
}

function randomInput({ names, type }: Port, shape: readonly number[], seed: number): Tensor {
  if (type !== 'string') return randomTensor(type, shape, { seed, scale: SCALE });
  throw new DecantError('unsupported', `input '${names[0] ?? ''}' takes strings, which cannot be generated`, {
    remedy: 'Benchmark a model that takes decoded images or numbers.',
  });
}

function dataShapeOf({ names, shape }: Port, ports: Ports): readonly number[] {
  const layout = imagePort(ports, ['NHWC', 'NCHW'])?.layout;
  const [height, width] = IMAGE_SIZE;
  const usual = Array.from(layout ?? 'N', axis => ({ N: 1, H: height, W: width, C: 3 })[axis]);
  return shape.map((size, axis) => {
    const known = size ?? usual[axis];
    if (known !== undefined) return known;
    throw new DecantError('invalid-argument', `axis ${axis} of input '${names[0] ?? ''}' has no fixed size`, {
      remedy: 'Give the shape of the data, such as `-data_shape [1,480,640,3]`, or fix that of the model with -shape.',
    });
  });
}
