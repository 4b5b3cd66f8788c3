import type { ElementType } from '../tensor/element-type.ts';

/** Color formats, by OpenVINO's names. */
export const COLORS = [
  'RGB',
  'BGR',
  'RGBX',
  'BGRX',
  'GRAY',
  'NV12_SINGLE_PLANE',
  'NV12_TWO_PLANES',
  'I420_SINGLE_PLANE',
  'I420_THREE_PLANES',
] as const;
export type ColorFormat = (typeof COLORS)[number];

export const LAYOUTS = ['NHWC', 'NCHW', 'HWC', 'CHW'] as const;
export type FrameLayout = (typeof LAYOUTS)[number];

/**
 * Interpolation modes. OpenVINO's `linear`, `nearest` and `cubic` interpolate between the nearest pixels (half-pixel
 * centers, cubic with a = -0.75, as OpenCV's `INTER_LINEAR` and `INTER_CUBIC`). The pillow modes average over all source
 * pixels, as Python's Pillow does. `INTER_NEAREST` takes pixel floor(i * scale).
 */
export const RESIZES = [
  'linear',
  'nearest',
  'cubic',
  'bilinear_pillow',
  'bicubic_pillow',
  'INTER_LINEAR',
  'INTER_NEAREST',
  'INTER_CUBIC',
] as const;
export type ResizeMode = (typeof RESIZES)[number];

/**
 * How a frame with another aspect ratio is fitted, by Model API's names: stretched (`standard`), or scaled with its aspect
 * ratio and padded on the right and bottom (`fit_to_window`) or on all sides (`fit_to_window_letterbox`).
 */
export const FITS = ['standard', 'fit_to_window', 'fit_to_window_letterbox'] as const;
export type Fit = (typeof FITS)[number];

/** Widths of margins in pixels of the frame. */
export interface Margins {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * The format of a frame (`u8`, `NHWC`, `RGB` and dynamic size by default), and its preprocessing in this order: conversion to
 * RGB, crop, pad, resize and fit, mean, scale.
 */
export interface InputSteps {
  /** Name of the input; the only image input by default. */
  readonly name?: string | undefined;
  readonly type?: ElementType | undefined;
  readonly layout?: FrameLayout | undefined;
  readonly color?: ColorFormat | undefined;
  readonly size?: { readonly height: number; readonly width: number } | undefined;
  readonly crop?: Margins | undefined;
  readonly pad?: Margins | undefined;
  /** Value of the pixels that `pad` and `fit` add; 0 by default. */
  readonly padValue?: number | undefined;
  /** `linear` by default, if the model's input size is fixed. */
  readonly resize?: ResizeMode | undefined;
  readonly fit?: Fit | undefined;
  /** Subtracted from all values, or per channel R, G, B. */
  readonly mean?: number | readonly number[] | undefined;
  /** Divides all values, or per channel R, G, B. */
  readonly scale?: number | readonly number[] | undefined;
}

/** Conversion of an output: `order` permutes its axes, `[0, 2, 3, 1]` from NCHW to NHWC. */
export interface OutputSteps {
  readonly type?: ElementType | undefined;
  readonly order?: readonly number[] | undefined;
}

/** Steps that become part of the model; outputs by name. */
export interface Preprocessing {
  readonly input?: InputSteps | undefined;
  readonly outputs?: Readonly<Record<string, OutputSteps>> | undefined;
}
