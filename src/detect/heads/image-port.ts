import { type Image, type TensorLayout, type PixelType, toTensor } from '../../image/image.ts';
import { resize } from '../../image/resize.ts';
import type { Ports, Tensors } from './port.ts';

export interface ImagePort {
  readonly name: string;
  readonly type: PixelType;
  readonly layout: TensorLayout;
  readonly height: number | undefined;
  readonly width: number | undefined;
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

export async function feedImage(image: Image, input: ImagePort): Promise<Tensors> {
  const { name, type, layout, height, width } = input;
  const fitted = await resize(image, width ?? image.width, height ?? image.height);
  return { [name]: toTensor(fitted, type, layout) };
}
