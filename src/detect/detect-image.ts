import type { Detection, Selection } from './detection.ts';
import { toDetections } from './found.ts';
import type { Head, Tensors } from './heads/head.ts';
import type { Image } from './image.ts';
import type { Labels } from './labels.ts';

/** Milliseconds spent. */
export interface Timings {
  readonly prepare: number;
  readonly infer: number;
  readonly decode: number;
}

export interface DetectImageOptions extends Selection {
  /** The head's own by default. */
  readonly labels?: Labels | undefined;
}

export interface DetectedImage {
  /** Best first. */
  readonly detections: readonly Detection[];
  readonly timings: Timings;
}

/** Prepares the picture, runs the network through `run`, and reads what it found. */
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
  const detections = toDetections(head.read(outputs), image, options.labels ?? head.labels, options);
  const decoded = performance.now();
  return {
    detections,
    timings: { prepare: prepared - start, infer: inferred - prepared, decode: decoded - inferred },
  };
}
