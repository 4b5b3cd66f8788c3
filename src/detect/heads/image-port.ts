import { type Image, type Size, type TensorLayout, type PixelType, toTensor } from '../../image/image.ts';
import { pad } from '../../image/pad.ts';
import { resize } from '../../image/resize.ts';
import { type Area, areaOf, fitted } from '../../preprocess/geometry.ts';
import type { Fit } from '../../preprocess/steps.ts';
import { type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { formatPorts, type Ports, type Tensors } from './port.ts';

export interface ImagePort {
  readonly name: string;
  readonly type: PixelType;
  readonly layout: TensorLayout;
  readonly height: number | undefined;
  readonly width: number | undefined;
}

/** How an image becomes the input of a model; by default it is stretched, and its values stay 0..255. */
export interface Feeding {
  readonly fit?: Fit | undefined;
  /** Value of the pixels that `fit` adds, 0..255. */
  readonly padValue?: number | undefined;
  /** Subtracted from R, G and B. */
  readonly mean?: readonly number[] | undefined;
  /** Divides R, G and B, after the mean. */
  readonly scale?: readonly number[] | undefined;
  readonly antialias?: boolean | undefined;
  /** Whether the channels are blue, green, red; mean and scale are in the same order. */
  readonly bgr?: boolean | undefined;
}

/** Returns undefined if there are other inputs, or if it is not a batch of one RGB image in one of `layouts`. */
export function imagePort({ inputs }: Ports, layouts: readonly TensorLayout[] = ['NHWC']): ImagePort | undefined {
  const [port] = inputs;
  const name = port?.names[0];
  if (port === undefined || name === undefined || inputs.length !== 1 || port.shape.length !== 4) return undefined;
  const { type, shape } = port;
  const layout = layouts.find(order => shape[order.indexOf('C')] === 3);
  const [batch = 1] = shape;
  if (batch !== 1 || layout === undefined || (type !== 'u8' && type !== 'f32' && type !== 'i32')) return undefined;
  return { name, type, layout, height: shape[layout.indexOf('H')], width: shape[layout.indexOf('W')] };
}

/** Says why `imagePort` returned undefined. */
export const noImagePort = ({ inputs }: Ports): string =>
  `the inputs are not one RGB image, but ${formatPorts(inputs)}`;

export async function feedImage(image: Image, input: ImagePort, feeding: Feeding = {}): Promise<Tensors> {
  const { name, type, layout } = input;
  const framed = await fitImage(image, modelSize(image, input), feeding);
  const tensor = toTensor(feeding.bgr === true ? swapChannels(framed) : framed, type, layout);
  return { [name]: normalize(tensor, layout, feeding) };
}

/** The area of an image that the model sees, in fractions of the image. */
export const fedArea = (image: Size, input: ImagePort, { fit }: Feeding): Area =>
  areaOf({ fit }, image, modelSize(image, input));

const modelSize = (image: Size, { width, height }: ImagePort): Size => ({
  width: width ?? image.width,
  height: height ?? image.height,
});

async function fitImage(
  image: Image,
  model: Size,
  { fit = 'standard', padValue = 0, antialias }: Feeding,
): Promise<Image> {
  if (fit === 'standard') return resize(image, model.width, model.height, { antialias });
  const inner = fitted(image, model);
  const resized = await resize(image, inner.width, inner.height, { antialias });
  const before = (room: number): number => (fit === 'fit_to_window' ? 0 : Math.floor(room / 2));
  const offset = { x: before(model.width - inner.width), y: before(model.height - inner.height) };
  return pad(resized, { ...offset, ...model }, padValue);
}

export function swapChannels(image: Image): Image {
  const data = image.data.slice();
  for (let i = 0; i < data.length; i += 3) {
    data[i] = image.data[i + 2]!;
    data[i + 2] = image.data[i]!;
  }
  return { ...image, data };
}

function normalize(tensor: Tensor, layout: TensorLayout, { mean = [0, 0, 0], scale = [1, 1, 1] }: Feeding): Tensor {
  if (mean.every(value => value === 0) && scale.every(value => value === 1)) return tensor;
  const plane = tensor.data.length / 3;
  const channelAt = (i: number): number => (layout === 'NHWC' ? i % 3 : Math.floor(i / plane));
  const values = Float32Array.from(tensor.data as Float32Array, (value, i) => {
    const channel = channelAt(i);
    return (value - mean[channel]!) / scale[channel]!;
  });
  return tensorOf(tensor.type, tensor.shape, values);
}
