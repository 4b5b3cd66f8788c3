import type { VideoSummary } from './events.ts';
import type { TrackedResult } from './track-frames.ts';

export class VideoCount {
  readonly #start = performance.now();
  readonly #most = new Map<string, number>();
  #frames = 0;
  #processed = 0;
  #objects = 0;
  readonly #trackIds = new Set<number>();
  #tracks: VideoSummary['tracks'];

  get frames(): number {
    return this.#frames;
  }

  add(result: Pick<TrackedResult, 'detections' | 'tracks'> | undefined): void {
    this.#frames++;
    if (result === undefined) return;
    this.#processed++;
    this.#objects += result.detections.length;
    const counts = new Map<string, number>();
    for (const { label } of result.detections) counts.set(label, (counts.get(label) ?? 0) + 1);
    for (const { trackId } of result.detections) if (trackId !== undefined) this.#trackIds.add(trackId);
    if (result.tracks !== undefined) this.#tracks = { objects: this.#trackIds.size, counts: result.tracks.counts };
    for (const [label, count] of counts) this.#most.set(label, Math.max(count, this.#most.get(label) ?? 0));
  }

  summary(): VideoSummary {
    return {
      frames: this.#frames,
      processed: this.#processed,
      objects: this.#objects,
      most: this.#most,
      tracks: this.#tracks,
      seconds: (performance.now() - this.#start) / 1000,
    };
  }
}
