import { tensor, tensorOf, type Tensor } from '../tensor/tensor.ts';

/** The width and height of a picture. */
export interface Size {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** A decoded picture, upright. */
export interface Image extends Size {
  /** `height` rows of `width` pixels of R, G, B, each 0..255. */
  readonly data: Uint8Array;
  /** What error messages call it: the path the user gave. */
  readonly name: string;
}

/** The element types in which a network takes pixels. */
export type PixelType = 'u8' | 'f32' | 'i32';

/** The order of a picture's axes in a tensor: batch, rows, columns, channels, or the channels as whole planes. */
export type TensorLayout = 'NHWC' | 'NCHW';

/** The picture as a batch of one, values 0..255 as they are; for `u8` in `NHWC` a view of the picture's own pixels. */
export function toTensor({ width, height, data }: Image, type: PixelType, layout: TensorLayout = 'NHWC'): Tensor {
  if (layout === 'NCHW') return tensorOf(type, [1, 3, height, width], toPlanes(data));
  const shape = [1, height, width, 3];
  return type === 'u8' ? tensor(type, shape, data) : tensorOf(type, shape, data);
}

function toPlanes(pixels: Uint8Array): Uint8Array {
  const planes = new Uint8Array(pixels.length);
  const plane = pixels.length / 3;
  for (let i = 0; i < plane; i++) {
    planes[i] = pixels[3 * i]!;
    planes[plane + i] = pixels[3 * i + 1]!;
    planes[2 * plane + i] = pixels[3 * i + 2]!;
  }
  return planes;
}
