import { amount } from '../../amount.ts';
import { logInfo, printable, status } from '../../console.ts';
import { formatDuration } from '../../format-duration.ts';
import type { DetectOutput, PlanOutput } from '../detect-output.ts';
import type { ResultEvent } from '../events.ts';

export const showProgress: PlanOutput =
  ({ remaining }) =>
  () =>
    new Progress(remaining.map(({ name }) => name));

class Progress implements DetectOutput {
  readonly #names: readonly string[];
  readonly #start = performance.now();
  readonly #objects = new Map<string, number>();
  #done = 0;
  #failed = 0;
  #images = 0;
  #frames = 0;
  #frame: { readonly number: number; readonly of: number | undefined } | undefined;
  #begun = this.#start;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  start(): void {
    this.#show();
  }

  result({ record: { frame, detections }, frames }: ResultEvent): void {
    if (frame === undefined) {
      this.#images++;
    } else {
      this.#frames++;
      this.#frame = { number: frame, of: frames };
    }
    for (const { label } of detections) this.#objects.set(label, (this.#objects.get(label) ?? 0) + 1);
    this.#show();
  }

  error(): void {
    this.#failed++;
    this.#show();
  }

  inputDone(): void {
    this.#done++;
    this.#frame = undefined;
    this.#begun = performance.now();
    this.#show();
  }

  /** `300 images in 25 s, 11.9 per second: 800 person, 12 dog; 1 failed` */
  summarize(): void {
    if (!process.stderr.isTTY || this.#images + this.#failed < 2) return;
    const seconds = secondsSince(this.#start);
    const counts = [...this.#objects]
      .sort(([, a], [, b]) => b - a)
      .map(([label, count]) => `${count} ${printable(label)}`);
    const found = counts.length === 0 ? 'nothing found' : counts.join(', ');
    const failed = this.#failed === 0 ? '' : `; ${this.#failed} failed`;
    const frames = this.#frames === 0 ? '' : ` and ${amount(this.#frames, 'frame')}`;
    const rate = (this.#processed / seconds).toFixed(1);
    logInfo(
      `\n${amount(this.#images, 'image')}${frames} in ${formatDuration(seconds)}, ${rate} per second: ${found}${failed}`,
    );
  }

  get #processed(): number {
    return this.#images + this.#frames;
  }

  /** `photo.jpg (12 of 300)  11.2 per second, 26 s left`, `clip.mp4  frame 120 of 300  14.5 per second, 12 s left` */
  #show(): void {
    const name = this.#names[this.#done];
    if (name === undefined) return;
    const total = this.#names.length;
    const place = total === 1 ? '' : ` (${this.#done + 1} of ${total})`;
    if (this.#frame !== undefined) status(`${name}${place}${this.#frameSpeed(this.#frame)}`, this.#share(total));
    else
      status(`${name}${place}${total === 1 ? '' : this.#speed(total)}`, total === 1 ? undefined : this.#share(total));
  }

  /** Of all inputs; a video without a known end counts as not begun. */
  #share(total: number): number {
    const { number = 0, of = Infinity } = this.#frame ?? {};
    return (this.#done + Math.min(1, number / of)) / total;
  }

  #speed(total: number): string {
    if (this.#processed === 0) return '';
    const seconds = secondsSince(this.#start);
    const left = this.#done === 0 ? undefined : ((total - this.#done) * seconds) / this.#done;
    return speedText(this.#processed / seconds, left);
  }

  #frameSpeed({ number, of }: { readonly number: number; readonly of: number | undefined }): string {
    const rate = number / secondsSince(this.#begun);
    const left = of === undefined ? undefined : Math.max(0, of - number) / rate;
    return `  frame ${number}${of === undefined ? '' : ` of ${of}`}${speedText(rate, left)}`;
  }
}

const speedText = (rate: number, secondsLeft: number | undefined): string =>
  `  ${rate.toFixed(1)} per second${secondsLeft === undefined ? '' : `, ${formatDuration(secondsLeft)} left`}`;

const secondsSince = (start: number): number => (performance.now() - start) / 1000;
