import { createHash } from 'node:crypto';

/** An image to process: an absolute path, an HTTP(S) URL, or `s3://BUCKET/KEY`. */
export interface ImageJob {
  readonly image: string;
}

/** What a worker found; the detections are in the results. */
export interface ImageOutcome {
  readonly objects: number;
}

/** The same for the same image, so that an image is queued once. A job's id must not be a number. */
export const jobIdOf = (image: string): string => `i${createHash('sha256').update(image).digest('hex').slice(0, 32)}`;
