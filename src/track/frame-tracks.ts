import type { Crossing, RegionCount } from './region-counter.ts';
import type { Region } from './regions.ts';
import type { Trace } from './tracker.ts';

/** What tracking knows at a frame: the paths of visible objects, who crossed what in this frame, and the counts so far. */
export interface FrameTracks {
  readonly traces: readonly Trace[];
  readonly regions: readonly Region[];
  readonly crossings: readonly Crossing[];
  readonly counts: Readonly<Record<string, RegionCount>>;
}
