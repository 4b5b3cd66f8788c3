/** An inference on a device. */
interface Turn {
  /** When the device began with it, by `performance.now()`. */
  begun: number;
}

/** Knows when inferences begin on a device that runs up to `size` at once, and more in the order in which they come. */
export class DeviceTurns {
  readonly #size: number;
  readonly #running = new Set<Turn>();
  readonly #waiting = new Set<Turn>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Runs `work` on the device. Returns its result, when it began, and for how long it ran, in milliseconds. */
  async run<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly begun: number; readonly ms: number }> {
    const turn = { begun: performance.now() };
    (this.#running.size < this.#size ? this.#running : this.#waiting).add(turn);
    try {
      const result = await work();
      return { result, begun: turn.begun, ms: performance.now() - turn.begun };
    } finally {
      this.#end(turn);
    }
  }

  #end(turn: Turn): void {
    this.#waiting.delete(turn);
    if (!this.#running.delete(turn)) return;
    const [next] = this.#waiting;
    if (next === undefined) return;
    next.begun = performance.now();
    this.#waiting.delete(next);
    this.#running.add(next);
  }
}
