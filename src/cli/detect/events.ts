import type { DetectionResult } from '../../api/detection-result.ts';
import type { FrameTracks } from '../../track/frame-tracks.ts';
import type { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';

export interface DetectionRecord extends DetectionResult {
  readonly file: string;
  readonly page?: number | undefined;
  readonly frame?: number | undefined;
  readonly time?: number | undefined;
  readonly tracks?: FrameTracks | undefined;
}

export interface VideoSummary {
  readonly frames: number;
  readonly processed: number;
  readonly objects: number;
  /** Maximum number of objects in one frame, by class name. */
  readonly most: ReadonlyMap<string, number>;
  readonly seconds: number;
  /** Number of tracked objects, and counts of lines and zones; undefined without tracking. */
  readonly tracks: { readonly objects: number; readonly counts: FrameTracks['counts'] } | undefined;
}

interface InputEvent {
  readonly input: Input;
  readonly last: boolean;
  /** Paths of files written since the input's previous event. */
  readonly saved: readonly string[];
}

export interface ResultEvent extends InputEvent {
  readonly type: 'result';
  readonly record: DetectionRecord;
  readonly frames?: number | undefined;
}

export interface VideoEvent extends InputEvent {
  readonly type: 'video';
  readonly summary: VideoSummary;
}

export interface ErrorEvent extends InputEvent {
  readonly type: 'error';
  readonly error: DecantError;
}

export type DetectEvent = ResultEvent | VideoEvent | ErrorEvent;
