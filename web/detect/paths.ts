import type { Point } from '../../src/track/regions.ts';
import type { FoundDetection } from '../server.ts';

/** Points of a path that are kept. */
const LONGEST = 30;

/** Remembers where followed objects were: the middle of the lower edge of their boxes. */
export class Paths {
  #paths: ReadonlyMap<number, readonly Point[]> = new Map();

  /** Adds their paths to the detections of the next frame. Objects that are out of sight are forgotten. */
  follow(detections: readonly FoundDetection[]): readonly FoundDetection[] {
    const followed = detections.map(detection => {
      const { trackId, box } = detection;
      if (trackId === undefined) return detection;
      const point = { x: (box.xmin + box.xmax) / 2, y: box.ymax };
      return { ...detection, path: [...(this.#paths.get(trackId) ?? []), point].slice(-LONGEST) };
    });
    this.#paths = new Map(
      followed.flatMap(({ trackId, path }) => (trackId === undefined || path === undefined ? [] : [[trackId, path]])),
    );
    return followed;
  }
}
