import type { DetectionResult } from '../../api/detection-result.ts';
import type { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';

/** Detections in an image or video frame, with its pixels. */
export interface DetectionRecord extends DetectionResult {
  /** Name of the input. */
  readonly file: string;
  readonly page?: number | undefined;
  readonly frame?: number | undefined;
  readonly time?: number | undefined;
}

export interface VideoSummary {
  readonly frames: number;
  /** Frames that were processed, not passed over. */
  readonly processed: number;
  readonly objects: number;
  /** The most objects in one frame, by class name. */
  readonly most: ReadonlyMap<string, number>;
  readonly seconds: number;
}

interface InputEvent {
  readonly input: Input;
  /** Whether this is the input's last event. */
  readonly last: boolean;
  /** Paths of files written since the input's previous event. */
  readonly saved: readonly string[];
}

/** An image, or a processed frame of a video. */
export interface ResultEvent extends InputEvent {
  readonly type: 'result';
  readonly record: DetectionRecord;
  /** Frames that the video has, if known. */
  readonly frames?: number | undefined;
}

/** The end of a video. */
export interface VideoEvent extends InputEvent {
  readonly type: 'video';
  readonly summary: VideoSummary;
}

/** A failed image, or the failure that ends a video. */
export interface ErrorEvent extends InputEvent {
  readonly type: 'error';
  readonly error: DecantError;
}

export type DetectEvent = ResultEvent | VideoEvent | ErrorEvent;
