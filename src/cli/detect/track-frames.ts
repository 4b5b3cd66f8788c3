import type { DetectionResult } from '../../api/detection-result.ts';
import type { FrameTracks } from '../../track/frame-tracks.ts';
import { RegionCounter } from '../../track/region-counter.ts';
import type { Region } from '../../track/regions.ts';
import { Tracker } from '../../track/tracker.ts';
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
  const tracker = new Tracker({ threshold, maxHidden: Math.ceil(MAX_HIDDEN_SECONDS * frameRate) });
  const counter = new RegionCounter(regions);
  return result => {
    const detections = tracker.update(result.detections);
    const crossings = counter.update(detections);
    return { ...result, detections, tracks: { traces: tracker.traces, regions, crossings, counts: counter.counts } };
  };
}
