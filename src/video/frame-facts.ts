import type { Size } from '../image/image.ts';

/** What ffmpeg's filter `showinfo` tells of a frame. */
export interface FrameFact extends Size {
  /** In seconds. */
  readonly time: number;
}

/**
 * What ffmpeg tells of frames, whose pixels come another way: messages are read as they come, and frames are taken in
 * order. ffmpeg decodes only some frames ahead, and so there are never many that wait.
 */
export class FrameFacts {
  readonly #facts: FrameFact[] = [];
  #timeBase = 1;
  #last = -1;
  #ended = false;
  #wake = (): void => undefined;

  /** Reads a message; those of others are passed over. */
  read(text: string): void {
    const [, over, under] = /^config in time_base: (\d+)\/(\d+)/.exec(text) ?? [];
    if (under !== undefined) this.#timeBase = Number(over) / Number(under);
    const [, pts, width, height] = /^n: *\d+ pts: *(-?\d+|NOPTS) .* s:(\d+)x(\d+)/.exec(text) ?? [];
    if (height === undefined) return;
    // A frame without a time follows the one before it.
    const time = pts === 'NOPTS' ? this.#last + this.#timeBase : Number(pts) * this.#timeBase;
    this.#last = time;
    this.#facts.push({ time: Math.max(0, time), width: Number(width), height: Number(height) });
    this.#wake();
  }

  /** No message follows. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** What was told of the next frame; undefined behind the last one. */
  async next(): Promise<FrameFact | undefined> {
    while (this.#facts.length === 0 && !this.#ended) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    return this.#facts.shift();
  }
}
