import type { Input } from '../../inputs/input.ts';
import type { ResultRecord } from '../../results/result-writer.ts';
import { note, status } from '../console.ts';

/** Counts what is done: for the line that a terminal shows meanwhile, and for the summary at the end. */
export class Tally {
  readonly #names: readonly string[];
  readonly #start = performance.now();
  readonly #objects = new Map<string, number>();
  #done = 0;
  #failed = 0;
  #pictures = 0;

  constructor(inputs: readonly Pick<Input, 'name'>[]) {
    this.#names = inputs.map(({ name }) => name);
  }

  get pictures(): number {
    return this.#pictures;
  }

  add({ detections }: Pick<ResultRecord, 'detections'>): void {
    this.#pictures++;
    for (const { label } of detections) this.#objects.set(label, (this.#objects.get(label) ?? 0) + 1);
  }

  fail(): void {
    this.#failed++;
  }

  /** An input is done. */
  finish(): void {
    this.#done++;
  }

  /** `photo.jpg (12 of 300)  11.2 a second, 26 s left` */
  show(): void {
    const total = this.#names.length;
    const name = this.#names[this.#done];
    if (name === undefined) return;
    const seconds = this.#seconds();
    const rate = this.#done / seconds;
    const left = this.#done === 0 ? '' : `, ${duration((total - this.#done) / rate)} left`;
    const speed = this.#pictures === 0 ? '' : `  ${(this.#pictures / seconds).toFixed(1)} a second${left}`;
    status(total === 1 ? name : `${name} (${this.#done + 1} of ${total})${speed}`);
  }

  /** `300 pictures in 25 s, 11.9 a second: 800 person, 12 dog; 1 failed`, on a terminal and for more than one picture. */
  summarize(): void {
    if (!process.stderr.isTTY || this.#pictures + this.#failed < 2) return;
    const seconds = this.#seconds();
    const counts = [...this.#objects].sort(([, a], [, b]) => b - a).map(([label, count]) => `${count} ${label}`);
    const found = counts.length === 0 ? 'nothing found' : counts.join(', ');
    const failed = this.#failed === 0 ? '' : `; ${this.#failed} failed`;
    const rate = (this.#pictures / seconds).toFixed(1);
    note(`\n${this.#pictures} pictures in ${duration(seconds)}, ${rate} a second: ${found}${failed}`);
  }

  #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}

/** `0.4 s`, `26 s`, `3 min 20 s`, `2 h 5 min` */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
