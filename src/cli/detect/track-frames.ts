import type { DetectionResult } from '../../api/detection-result.ts';
import { FrameTracker } from '../../track/frame-tracker.ts';
import type { FrameTracks } from '../../track/frame-tracks.ts';
import type { Region } from '../../track/regions.ts';
import type { VideoInfo } from '../../video/probe-video.ts';

/** How long an object may be hidden. */
const MAX_HIDDEN_SECONDS = 1;

/** Live sources do not tell. */
const DEFAULT_FRAME_RATE = 30;

export interface TrackedResult extends DetectionResult {
  readonly tracks?: FrameTracks | undefined;
}

/** Returns a function that takes the results of a video's processed frames in order, and adds tracks to them. */
export function trackFrames(
  info: VideoInfo | undefined,
  { regions, threshold, every }: { regions: readonly Region[]; threshold: number; every: number },
): (result: DetectionResult) => TrackedResult {
  const frameRate = (info?.frameRate ?? DEFAULT_FRAME_RATE) / every;
  const tracker = new FrameTracker(regions, { threshold, maxHidden: Math.ceil(MAX_HIDDEN_SECONDS * frameRate) });
  return result => ({ ...result, ...tracker.update(result.detections) });
}
