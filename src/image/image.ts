import { checkArgument, oneOf } from '../check.ts';
import { IMAGE } from './check-image.ts';
import { tensor, tensorOf, type Tensor } from '../tensor/tensor.ts';

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A decoded image, upright: interleaved R, G, B, each 0..255, `[height, width, 3]`. Errors refer to it by `name`. */
export interface Image extends Size {
  readonly data: Uint8Array;
  readonly name: string;
}

/** Element types of a model's image input. */
export type PixelType = 'u8' | 'f32' | 'i32';

/** Axis order of an image tensor: channels interleaved (`NHWC`) or as planes (`NCHW`). */
export type TensorLayout = 'NHWC' | 'NCHW';

/**
 * Converts an image to a batch of one without scaling its values (0..255). `u8` in `NHWC` is a view of `image.data`.
 *
 * @example
 * ```ts
 * import { readImage, toTensor } from 'decant';
 *
 * const tensor = toTensor(await readImage('photo.jpg'), 'f32', 'NCHW');
 * console.log(tensor.shape); // [1, 3, height, width]
 * ```
 */
export function toTensor(image: Image, type: PixelType, layout: TensorLayout = 'NHWC'): Tensor {
  checkArgument(image, 'the image', IMAGE);
  checkArgument(type, 'the type', oneOf('u8', 'f32', 'i32'));
  checkArgument(layout, 'the layout', oneOf('NHWC', 'NCHW'));
  const { width, height, data } = image;
  if (layout === 'NCHW') return tensorOf(type, [1, 3, height, width], toPlanes(data, 3));
  const shape = [1, height, width, 3];
  return type === 'u8' ? tensor(type, shape, data) : tensorOf(type, shape, data);
}

export function toPlanes(pixels: Uint8Array, channels: number): Uint8Array {
  const planes = new Uint8Array(pixels.length);
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let i = channel; i < pixels.length; i += channels) planes[at++] = pixels[i]!;
  }
  return planes;
}
