import type { DetectionResult } from '../../api/detector.ts';
import type { DecantError } from '../../errors.ts';
import type { Input } from '../../inputs/input.ts';

/** What was found in a picture, or in a frame of a video, with its pixels. */
export interface DetectionRecord extends DetectionResult {
  /** The input's name. */
  readonly file: string;
  readonly page?: number | undefined;
  readonly frame?: number | undefined;
  readonly time?: number | undefined;
}

/** What became of a video as a whole. */
export interface VideoSummary {
  readonly frames: number;
  /** How many of them were looked at. */
  readonly looked: number;
  readonly objects: number;
  /** The most objects of a class in one frame, by its name. */
  readonly most: ReadonlyMap<string, number>;
  /** That it took. */
  readonly seconds: number;
}

/** What became of a picture or a frame of an input; behind its last frame a video has a step of its own. */
export type DetectEvent = {
  readonly input: Input;
  /** Whether nothing else of the input follows. */
  readonly last: boolean;
  /** Paths of the files that were written about it. */
  readonly saved: readonly string[];
} & (
  | {
      readonly record: DetectionRecord;
      /** The number of frames that its video has, where that is known. */
      readonly frames?: number | undefined;
      /** Whether a report shows it; a few frames of a video are enough. */
      readonly shown: boolean;
      readonly error?: undefined;
      readonly summary?: undefined;
    }
  | { readonly summary: VideoSummary; readonly record?: undefined; readonly error?: undefined }
  | { readonly error: DecantError; readonly record?: undefined; readonly summary?: undefined }
);
