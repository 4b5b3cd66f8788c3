import type { InputSteps } from './steps.ts';

export interface Extent {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** Where a model's picture lies in the frame that it was made of, in fractions of the frame; it may reach beyond it. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The scaled size of a frame that fits into a model's picture as a whole, in f32 as the model computes it. */
export function fitted(frame: Extent, model: Extent): Extent {
  const ratio = Math.min(Math.fround(model.width / frame.width), Math.fround(model.height / frame.height));
  const scaled = (size: number): number => Math.max(1, Math.floor(Math.fround(Math.fround(size * ratio) + 0.5)));
  return {
    width: Math.min(model.width, scaled(frame.width)),
    height: Math.min(model.height, scaled(frame.height)),
  };
}

/** The area of a frame that becomes a model's picture. */
export function areaOf({ crop, pad, fit }: InputSteps, frame: Extent, model: Extent): Area {
  const left = (crop?.left ?? 0) - (pad?.left ?? 0);
  const top = (crop?.top ?? 0) - (pad?.top ?? 0);
  const width = frame.width - left - (crop?.right ?? 0) + (pad?.right ?? 0);
  const height = frame.height - top - (crop?.bottom ?? 0) + (pad?.bottom ?? 0);
  let [x, y, w, h] = [left, top, width, height];
  if (fit === 'fit_to_window' || fit === 'fit_to_window_letterbox') {
    const inner = fitted({ width, height }, model);
    const [across, down] = [width / inner.width, height / inner.height];
    const before = (room: number): number => (fit === 'fit_to_window' ? 0 : Math.floor(room / 2));
    x -= before(model.width - inner.width) * across;
    y -= before(model.height - inner.height) * down;
    [w, h] = [model.width * across, model.height * down];
  }
  return { x: x / frame.width, y: y / frame.height, width: w / frame.width, height: h / frame.height };
}
