import type { Rect } from '../../image/geometry.ts';
import type { PixelType, Size, TensorLayout } from '../../image/image.ts';
import type { Fit } from '../../preprocess/steps.ts';

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

export const modelSize = (image: Size, { width, height }: ImagePort): Size => ({
  width: width ?? image.width,
  height: height ?? image.height,
});

/** Rounded to f32, in which frameworks compute sizes: exact products would lose other rows and columns when rounded down. */
export const ratioOf = (image: Size, model: Size): number =>
  Math.fround(Math.min(model.width / image.width, model.height / image.height));

/** Where an image is in the one that it is padded to before it is resized; as Keras computes it, in f32. */
export function paddedRect({ width, height }: Size, model: Size): Rect {
  const before = (size: number, other: number, ratioOf: readonly [number, number]): number => {
    const wanted = Math.trunc(Math.fround(Math.fround(other * ratioOf[0]) / ratioOf[1]));
    return Math.floor((Math.max(size, wanted) - size) / 2);
  };
  const x = before(width, height, [model.width, model.height]);
  const y = before(height, width, [model.height, model.width]);
  return { x, y, width: width + 2 * x, height: height + 2 * y };
}
