import type { Size } from '../image/image.ts';

export interface FrameTimestamp extends Size {
  readonly time: number;
}

/**
 * A queue of timestamps in seconds, parsed from the messages of ffmpeg's `showinfo` filter; pixels arrive separately. It
 * stays short, because ffmpeg decodes only a few frames ahead.
 */
export class FrameTimestamps {
  readonly #queue: FrameTimestamp[] = [];
  #timeBase = 1;
  #last = -1;
  #ended = false;
  #wake = (): void => undefined;

  read(text: string): void {
    const [, numerator, denominator] = /^config in time_base: (\d+)\/(\d+)/.exec(text) ?? [];
    if (denominator !== undefined) this.#timeBase = Number(numerator) / Number(denominator);
    const [, pts, width, height] = /^n: *\d+ pts: *(-?\d+|NOPTS) .* s:(\d+)x(\d+)/.exec(text) ?? [];
    if (height === undefined) return;
    // A frame without a timestamp follows the previous one.
    const time = pts === 'NOPTS' ? this.#last + this.#timeBase : Number(pts) * this.#timeBase;
    this.#last = time;
    this.#queue.push({ time: Math.max(0, time), width: Number(width), height: Number(height) });
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async next(): Promise<FrameTimestamp | undefined> {
    while (this.#queue.length === 0 && !this.#ended) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    return this.#queue.shift();
  }
}
