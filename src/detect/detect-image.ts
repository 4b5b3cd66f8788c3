import { checkRaw } from './check-raw.ts';
import type { Detection, Selection } from './detection.ts';
import { toImageCoordinates, toDetections } from './raw-detections.ts';
import type { Head } from './heads/head.ts';
import type { Tensors } from './heads/port.ts';
import type { Image, Size } from '../image/image.ts';
import type { Labels } from '../labels/labels.ts';

/** Milliseconds spent on one image. */
export interface Timings {
  readonly prepare: number;
  readonly infer: number;
  readonly decode: number;
}

export interface DetectImageOptions extends Selection {
  readonly labels?: Labels | undefined;
}

export interface DetectedImage {
  readonly detections: readonly Detection[];
  readonly timings: Timings;
}

export async function detectImage(
  image: Image,
  head: Head,
  run: (inputs: Tensors) => Promise<Tensors>,
  options: DetectImageOptions = {},
): Promise<DetectedImage> {
  const start = performance.now();
  const inputs = await head.prepare(image);
  const prepared = performance.now();
  const outputs = await run(inputs);
  const inferred = performance.now();
  const detections = readDetections(head, outputs, image, options);
  const decoded = performance.now();
  return {
    detections,
    timings: { prepare: prepared - start, infer: inferred - prepared, decode: decoded - inferred },
  };
}

export function readDetections(
  head: Head,
  outputs: Tensors,
  size: Size,
  { labels = head.labels, ...selection }: DetectImageOptions,
): readonly Detection[] {
  const { threshold = 0 } = selection;
  const nms = head.nms && { ...head.nms, scoreThreshold: Math.max(head.nms.scoreThreshold, threshold) };
  const raw = head.read(outputs, nms, size);
  checkRaw(raw, head.name, threshold);
  const area = head.area?.(size);
  return toDetections(area === undefined ? raw : toImageCoordinates(raw, area), size, labels, selection);
}
