import type { DetectionResult } from '../../api/detection-result.ts';
import type { VideoSummary } from './events.ts';

export class VideoCount {
  readonly #start = performance.now();
  readonly #most = new Map<string, number>();
  #frames = 0;
  #processed = 0;
  #objects = 0;

  get frames(): number {
    return this.#frames;
  }

  add(result: Pick<DetectionResult, 'detections'> | undefined): void {
    this.#frames++;
    if (result === undefined) return;
    this.#processed++;
    this.#objects += result.detections.length;
    const counts = new Map<string, number>();
    for (const { label } of result.detections) counts.set(label, (counts.get(label) ?? 0) + 1);
    for (const [label, count] of counts) this.#most.set(label, Math.max(count, this.#most.get(label) ?? 0));
  }

  summary(): VideoSummary {
    return {
      frames: this.#frames,
      processed: this.#processed,
      objects: this.#objects,
      most: this.#most,
      seconds: (performance.now() - this.#start) / 1000,
    };
  }
}
