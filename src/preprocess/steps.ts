import type { ElementType } from '../tensor/element-type.ts';

/** How the colours of a frame stand in it, in OpenVINO's names. */
export const COLORS = [
  ...(['RGB', 'BGR', 'RGBX', 'BGRX', 'GRAY'] as const),
  ...(['NV12_SINGLE_PLANE', 'NV12_TWO_PLANES', 'I420_SINGLE_PLANE', 'I420_THREE_PLANES'] as const),
] as const;
export type ColorFormat = (typeof COLORS)[number];

/** The order of a frame's axes: batch, rows, columns, channels. */
export const LAYOUTS = ['NHWC', 'NCHW', 'HWC', 'CHW'] as const;
export type FrameLayout = (typeof LAYOUTS)[number];

/**
 * How sizes change. OpenVINO's `linear`, `nearest` and `cubic` look at the nearest pixels only (half-pixel centres, cubic
 * with a = -0.75, as `INTER_LINEAR` and `INTER_CUBIC` of OpenCV); the pillow modes filter over all pixels that become one,
 * as Python's imaging library does. `INTER_NEAREST` takes pixel floor(i * scale).
 */
export const RESIZES = [
  ...(['linear', 'nearest', 'cubic', 'bilinear_pillow', 'bicubic_pillow'] as const),
  ...(['INTER_LINEAR', 'INTER_NEAREST', 'INTER_CUBIC'] as const),
] as const;
export type ResizeMode = (typeof RESIZES)[number];

/**
 * How a frame of another aspect ratio becomes the model's picture, in Model API's names: stretched (`standard`), or scaled as
 * a whole, with padding at the right and the bottom (`fit_to_window`) or on both sides (`fit_to_window_letterbox`).
 */
export const FITS = ['standard', 'fit_to_window', 'fit_to_window_letterbox'] as const;
export type Fit = (typeof FITS)[number];

/** Lengths in pixels of the frame. */
export interface Margins {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What a frame is, and what is done with it, in this order: colours to RGB, crop, pad, resize and fit, mean, scale. */
export interface InputSteps {
  /** The model's input; its only picture by default. */
  readonly name?: string | undefined;
  /** The element type of the frame, `u8` by default. */
  readonly type?: ElementType | undefined;
  /** `NHWC` by default. */
  readonly layout?: FrameLayout | undefined;
  /** `RGB` by default. */
  readonly color?: ColorFormat | undefined;
  /** The frame's size; any by default. */
  readonly size?: { readonly height: number; readonly width: number } | undefined;
  /** The part of the frame to look at: margins that are cut off. */
  readonly crop?: Margins | undefined;
  /** What is added around it. */
  readonly pad?: Margins | undefined;
  /** The value of what is added, by `pad` and by `fit`; 0 by default. */
  readonly padValue?: number | undefined;
  /** `linear` by default, where the model's picture has a size of its own. */
  readonly resize?: ResizeMode | undefined;
  readonly fit?: Fit | undefined;
  /** Subtracted from every value, or from those of R, G and B. */
  readonly mean?: number | readonly number[] | undefined;
  /** Divides every value, or those of R, G and B. */
  readonly scale?: number | readonly number[] | undefined;
}

/** What is done with an output. */
export interface OutputSteps {
  readonly type?: ElementType | undefined;
  /** The order in which its axes come out: `[0, 2, 3, 1]` makes NHWC of NCHW. */
  readonly order?: readonly number[] | undefined;
}

/** What a model does with its frames by itself, and with its outputs. */
export interface Preprocessing {
  readonly input?: InputSteps | undefined;
  /** By name. */
  readonly outputs?: Readonly<Record<string, OutputSteps>> | undefined;
}
