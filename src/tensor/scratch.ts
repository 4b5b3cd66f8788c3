/** Smaller memory is not worth keeping. */
const LEAST = 1 << 16;

/**
 * Memory that one weight after another is computed in. Each takes several steps, whose results would otherwise wait for the
 * garbage collector.
 */
export class Scratch {
  private free: ArrayBuffer[] = [];
  private taken: ArrayBuffer[] = [];

  /** Returns the result of `work`, which may lie in this memory: it is valid until the next run. */
  run<T>(work: () => T): T {
    this.free.push(...this.taken);
    this.taken = [];
    const before = use(this);
    try {
      return work();
    } finally {
      use(before);
    }
  }

  /** Returns the smallest free memory that suffices, or replaces the largest. */
  take(byteLength: number): ArrayBuffer {
    this.free.sort((a, b) => a.byteLength - b.byteLength);
    const fitting = this.free.findIndex(memory => memory.byteLength >= byteLength);
    const [found = this.free.pop()] = fitting < 0 ? [] : this.free.splice(fitting, 1);
    // Memory that is never touched is not taken from the system.
    const memory =
      found !== undefined && found.byteLength >= byteLength
        ? found
        : new ArrayBuffer(2 ** Math.ceil(Math.log2(byteLength)));
    this.taken.push(memory);
    return memory;
  }
}

let current: Scratch | undefined;

/** Returns the one before. */
function use(scratch: Scratch | undefined): Scratch | undefined {
  const before = current;
  current = scratch;
  return before;
}

let idle: WeakRef<Scratch> | undefined;

/** Returns the `Scratch` that was handed back last, or a new one: the writer of weights follows the passes that check them. */
export function borrowScratch(): Scratch {
  const scratch = idle?.deref() ?? new Scratch();
  idle = undefined;
  return scratch;
}

/** Hands back a `Scratch`, whose results must not be used any more. */
export const handBack = (scratch: Scratch): void => void (idle = new WeakRef(scratch));

/**
 * Memory for an intermediate result, with any contents: of the `Scratch` that runs, otherwise new. Only for results that
 * nothing keeps, such as those of deferred tensors.
 */
export const scratchMemory = (byteLength: number): ArrayBuffer =>
  current === undefined || byteLength < LEAST ? new ArrayBuffer(byteLength) : current.take(byteLength);
