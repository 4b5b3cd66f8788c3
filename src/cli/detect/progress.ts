import type { Input } from '../../inputs/input.ts';
import type { ResultRecord } from '../../results/result-writer.ts';
import { logInfo, status } from '../console.ts';
import { formatDuration } from '../format-duration.ts';

/** Counts what is done: for the line that a terminal shows meanwhile, and for the summary at the end. */
export class Progress {
  readonly #names: readonly string[];
  readonly #start = performance.now();
  readonly #objects = new Map<string, number>();
  #done = 0;
  #failed = 0;
  #pictures = 0;
  #frames = 0;
  /** The frame of the video that is under way. */
  #frame: { readonly number: number; readonly of: number | undefined } | undefined;
  #begun = this.#start;

  constructor(inputs: readonly Pick<Input, 'name'>[]) {
    this.#names = inputs.map(({ name }) => name);
  }

  /** Pictures and frames that were looked at. */
  get pictures(): number {
    return this.#pictures + this.#frames;
  }

  /** A picture, or a frame of a video that has so many, where that is known. */
  add({ detections, frame }: Pick<ResultRecord, 'detections' | 'frame'>, of?: number): void {
    if (frame === undefined) {
      this.#pictures++;
    } else {
      this.#frames++;
      this.#frame = { number: frame, of };
    }
    for (const { label } of detections) this.#objects.set(label, (this.#objects.get(label) ?? 0) + 1);
  }

  fail(): void {
    this.#failed++;
  }

  /** An input is done. */
  finish(): void {
    this.#done++;
    this.#frame = undefined;
    this.#begun = performance.now();
  }

  /** `photo.jpg (12 of 300)  11.2 a second, 26 s left`, `clip.mp4  frame 120 of 300  14.5 a second, 12 s left` */
  show(): void {
    const total = this.#names.length;
    const name = this.#names[this.#done];
    if (name === undefined) return;
    const seconds = this.#seconds();
    if (this.#frame !== undefined) {
      const many = total === 1 ? '' : ` (${this.#done + 1} of ${total})`;
      status(`${name}${many}  ${frameStatus(this.#frame, (performance.now() - this.#begun) / 1000)}`);
      return;
    }
    const rate = this.#done / seconds;
    const left = this.#done === 0 ? '' : `, ${formatDuration((total - this.#done) / rate)} left`;
    const speed = this.pictures === 0 ? '' : `  ${(this.pictures / seconds).toFixed(1)} a second${left}`;
    status(total === 1 ? name : `${name} (${this.#done + 1} of ${total})${speed}`);
  }

  /** `300 pictures in 25 s, 11.9 a second: 800 person, 12 dog; 1 failed`, on a terminal and for more than one input. */
  summarize(): void {
    if (!process.stderr.isTTY || this.#pictures + this.#failed < 2) return;
    const seconds = this.#seconds();
    const counts = [...this.#objects].sort(([, a], [, b]) => b - a).map(([label, count]) => `${count} ${label}`);
    const found = counts.length === 0 ? 'nothing found' : counts.join(', ');
    const failed = this.#failed === 0 ? '' : `; ${this.#failed} failed`;
    const rate = (this.pictures / seconds).toFixed(1);
    const looked = [`${this.#pictures} pictures`, ...(this.#frames === 0 ? [] : [`${this.#frames} frames`])].join(
      ' and ',
    );
    logInfo(`\n${looked} in ${formatDuration(seconds)}, ${rate} a second: ${found}${failed}`);
  }

  #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}

/** `frame 120 of 300  14.5 a second, 12 s left` */
function frameStatus({ number, of }: { readonly number: number; readonly of: number | undefined }, seconds: number) {
  const rate = number / seconds;
  const left = of === undefined ? '' : `, ${formatDuration(Math.max(0, of - number) / rate)} left`;
  return `frame ${number}${of === undefined ? '' : ` of ${of}`}  ${rate.toFixed(1)} a second${left}`;
}
