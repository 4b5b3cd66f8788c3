import type { ResultRecord } from '../results/result-writer.ts';
import { countsOverTime } from './charts.ts';
import { html, type Html } from './html.ts';

/** Lines in a chart: the most frequent classes. */
const MAX_CLASSES = 4;

/** More points than pixels show nothing more. */
const MAX_POINTS = 400;

interface Frame {
  readonly time: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** Counts the objects in the frames of videos. */
export class FrameCounts {
  readonly #videos = new Map<string, Frame[]>();

  get videos(): number {
    return this.#videos.size;
  }

  get frames(): number {
    return [...this.#videos.values()].reduce((sum, frames) => sum + frames.length, 0);
  }

  add({ file, frame, time = 0, detections }: ResultRecord): void {
    if (frame === undefined) return;
    const counts = new Map<string, number>();
    for (const { label } of detections) counts.set(label, (counts.get(label) ?? 0) + 1);
    const frames = this.#videos.get(file) ?? [];
    frames.push({ time, counts });
    this.#videos.set(file, frames);
  }

  charts(): readonly Html[] {
    return [...this.#videos].map(([file, frames]) => {
      const labels = frequentLabels(frames);
      const values = labels.map(label => thinned(frames.map(({ counts }) => counts.get(label) ?? 0)));
      const most = Math.max(1, ...values.flat());
      const lines = labels.map((name, i) => ({ name, values: values[i]!.map(count => count / most) }));
      const seconds = frames.at(-1)!.time;
      return html`<section>
        <h2>Objects over time</h2>
        ${countsOverTime(`Objects per frame of ${file}, at most ${most} of a class`, seconds, most, lines)}
        <p>${file}</p>
      </section>`;
    });
  }
}

function frequentLabels(frames: readonly Frame[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const { counts } of frames) {
    for (const [label, count] of counts) sums.set(label, (sums.get(label) ?? 0) + count);
  }
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_CLASSES)
    .map(([label]) => label);
}

/** Keeps the largest of neighboring counts. */
function thinned(counts: readonly number[]): readonly number[] {
  const step = Math.ceil(counts.length / MAX_POINTS);
  const starts = Array.from({ length: Math.ceil(counts.length / step) }, (_, i) => i * step);
  return starts.map(start => Math.max(...counts.slice(start, start + step)));
}
