import { type Image, type PixelType, toTensor } from '../image.ts';
import { resize } from '../resize.ts';
import type { Ports, Tensors } from './head.ts';

/** The single input of a detector, `[1, height, width, 3]`; a size is undefined where a picture of any size is taken. */
export interface PictureInput {
  readonly name: string;
  readonly type: PixelType;
  readonly height: number | undefined;
  readonly width: number | undefined;
}

/** The picture's input, or undefined where the network takes something else. */
export function pictureInput({ inputs }: Ports): PictureInput | undefined {
  const [port] = inputs;
  const name = port?.names[0];
  if (port === undefined || name === undefined || inputs.length !== 1 || port.shape.length !== 4) return undefined;
  const [batch = 1, height, width, channels] = port.shape;
  const { type } = port;
  if (batch !== 1 || channels !== 3 || (type !== 'u8' && type !== 'f32' && type !== 'i32')) return undefined;
  return { name, type, height, width };
}

/** The picture, stretched where the input has a size of its own. */
export async function feedPicture(image: Image, { name, type, height, width }: PictureInput): Promise<Tensors> {
  const fitted = await resize(image, width ?? image.width, height ?? image.height);
  return { [name]: toTensor(fitted, type) };
}
