import type { Rect } from '../../image/geometry.ts';
import { type Image, type Size, type TensorLayout, toTensor } from '../../image/image.ts';
import { pad } from '../../image/pad.ts';
import { resize } from '../../image/resize.ts';
import { fitted } from '../../preprocess/geometry.ts';
import { type Tensor, tensorOf } from '../../tensor/tensor.ts';
import { type Feeding, type ImagePort, modelSize, paddedRect, ratioOf } from './feeding.ts';
import type { Tensors } from './port.ts';

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
