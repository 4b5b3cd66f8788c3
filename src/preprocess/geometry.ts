import type { InputSteps } from './steps.ts';

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** The area of a frame that the model sees, in fractions of the frame; it may extend beyond the frame. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The size of a frame scaled to fit into the model's input, computed in f32 as in the graph. */
export function fitted(frame: Extent, model: Extent): Extent {
  const ratio = Math.min(Math.fround(model.width / frame.width), Math.fround(model.height / frame.height));
  const scaled = (size: number): number => Math.max(1, Math.floor(Math.fround(Math.fround(size * ratio) + 0.5)));
  return {
    width: Math.min(model.width, scaled(frame.width)),
    height: Math.min(model.height, scaled(frame.height)),
  };
}

export function areaOf({ crop, pad, fit }: InputSteps, frame: Extent, model: Extent): Area {
  const left = (crop?.left ?? 0) - (pad?.left ?? 0);
  const top = (crop?.top ?? 0) - (pad?.top ?? 0);
  const width = frame.width - left - (crop?.right ?? 0) + (pad?.right ?? 0);
  const height = frame.height - top - (crop?.bottom ?? 0) + (pad?.bottom ?? 0);
  const fractions = (x: number, y: number, w: number, h: number): Area => ({
    x: x / frame.width,
    y: y / frame.height,
    width: w / frame.width,
    height: h / frame.height,
  });
  if (fit === undefined || fit === 'standard') return fractions(left, top, width, height);
  const inner = fitted({ width, height }, model);
  const scaleX = width / inner.width;
  const scaleY = height / inner.height;
  const before = (room: number): number => (fit === 'fit_to_window' ? 0 : Math.floor(room / 2));
  return fractions(
    left - before(model.width - inner.width) * scaleX,
    top - before(model.height - inner.height) * scaleY,
    model.width * scaleX,
    model.height * scaleY,
  );
}
