import { type Image, type Size, type TensorLayout, type PixelType, toTensor } from '../../image/image.ts';
import type { Rect } from '../../image/geometry.ts';
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
  /** Value of the pixels that `fit` adds, 0..255, or that they are 0 after mean and scale; 0 by default. */
  readonly padValue?: number | 'mean' | undefined;
  /** Whether the fitted size is rounded down, and boxes are scaled by the unrounded ratio. */
  readonly roundsDown?: boolean | undefined;
  /** Whether a letterboxed image gets its padding before it is resized. */
  readonly padsFirst?: boolean | undefined;
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
  const { fit = 'standard', padValue = 0, padsFirst = false, antialias, bgr = false } = feeding;
  const model = modelSize(image, input);
  const value = padValue === 'mean' ? 0 : padValue;
  const inner = innerRect(image, model, feeding);
  const source = padsFirst ? pad(image, paddedRect(image, model), value) : image;
  const resized = await resize(source, inner.width, inner.height, { antialias });
  const framed = fit === 'standard' || padsFirst ? resized : pad(resized, { ...inner, ...model }, value);
  const tensor = toTensor(bgr ? swapChannels(framed) : framed, type, layout);
  return { [name]: normalize(tensor, layout, inner, feeding) };
}

/** The area of an image that the model sees, in fractions of the image. */
export function fedArea(image: Size, input: ImagePort, { fit, roundsDown = false, padsFirst = false }: Feeding): Area {
  const model = modelSize(image, input);
  if (padsFirst) {
    const { x, y, width, height } = paddedRect(image, model);
    return { x: -x / image.width, y: -y / image.height, width: width / image.width, height: height / image.height };
  }
  if (!roundsDown) return areaOf({ fit }, image, model);
  const ratio = ratioOf(image, model);
  return { x: 0, y: 0, width: model.width / ratio / image.width, height: model.height / ratio / image.height };
}

const modelSize = (image: Size, { width, height }: ImagePort): Size => ({
  width: width ?? image.width,
  height: height ?? image.height,
});

/** Rounded to f32, in which frameworks compute sizes: exact products would lose other rows and columns when rounded down. */
const ratioOf = (image: Size, model: Size): number =>
  Math.fround(Math.min(model.width / image.width, model.height / image.height));

/** The part of the model's image that shows the image. */
function innerRect(image: Size, model: Size, feeding: Feeding): Rect {
  const { fit = 'standard', roundsDown = false, padsFirst = false } = feeding;
  if (fit === 'standard' || padsFirst) return { x: 0, y: 0, ...model };
  const ratio = ratioOf(image, model);
  const down = (size: number): number => Math.max(1, Math.floor(Math.fround(size * ratio)));
  const inner = roundsDown ? { width: down(image.width), height: down(image.height) } : fitted(image, model);
  const before = (room: number): number => (fit === 'fit_to_window' ? 0 : Math.floor(room / 2));
  return { x: before(model.width - inner.width), y: before(model.height - inner.height), ...inner };
}

/** Where an image is in the one that it is padded to before it is resized; as Keras computes it, in f32. */
function paddedRect({ width, height }: Size, model: Size): Rect {
  const before = (size: number, other: number, ratioOf: readonly [number, number]): number => {
    const wanted = Math.trunc(Math.fround(Math.fround(other * ratioOf[0]) / ratioOf[1]));
    return Math.floor((Math.max(size, wanted) - size) / 2);
  };
  const x = before(width, height, [model.width, model.height]);
  const y = before(height, width, [model.height, model.width]);
  return { x, y, width: width + 2 * x, height: height + 2 * y };
}

export function swapChannels(image: Image): Image {
  const data = image.data.slice();
  for (let i = 0; i < data.length; i += 3) {
    data[i] = image.data[i + 2]!;
    data[i + 2] = image.data[i]!;
  }
  return { ...image, data };
}

function normalize(tensor: Tensor, layout: TensorLayout, inner: Rect, feeding: Feeding): Tensor {
  const { mean = [0, 0, 0], scale = [1, 1, 1], padValue } = feeding;
  if (mean.every(value => value === 0) && scale.every(value => value === 1)) return tensor;
  const [height, width] = tensor.shape.slice(layout.indexOf('H')) as [number, number];
  const plane = height * width;
  const values = Float32Array.from(tensor.data as Float32Array, (value, i) => {
    const channel = layout === 'NHWC' ? i % 3 : Math.floor(i / plane);
    const pixel = layout === 'NHWC' ? Math.floor(i / 3) : i % plane;
    const x = (pixel % width) - inner.x;
    const y = Math.floor(pixel / width) - inner.y;
    const isPadding = padValue === 'mean' && (x < 0 || y < 0 || x >= inner.width || y >= inner.height);
    return isPadding ? 0 : (value - mean[channel]!) / scale[channel]!;
  });
  return tensorOf(tensor.type, tensor.shape, values);
}
