import type { Detection } from '../detect/detection.ts';
import type { FrameTracks } from './frame-tracks.ts';
import { RegionCounter } from './region-counter.ts';
import type { Region } from './regions.ts';
import { Tracker, type TrackerOptions } from './tracker.ts';

/** Follows objects through frames, and counts them at lines and zones. */
export class FrameTracker {
  readonly #tracker: Tracker;
  readonly #counter: RegionCounter;

  constructor(regions: readonly Region[], options: TrackerOptions = {}) {
    this.#tracker = new Tracker(options);
    this.#counter = new RegionCounter(regions);
  }

  /** Takes the detections of the next frame; returns those with their tracks, and what is known of the tracks. */
  update(given: readonly Detection[]): { readonly detections: readonly Detection[]; readonly tracks: FrameTracks } {
    const detections = this.#tracker.update(given);
    const crossings = this.#counter.update(detections);
    const { regions, counts } = this.#counter;
    return { detections, tracks: { traces: this.#tracker.traces, regions, crossings, counts } };
  }
}
