import { DecantError } from '../errors.ts';
import type { InferRequest } from '../runtime/infer-request.ts';

/** Milliseconds between two turns of the event loop. */
const SLICE = 100;

const NO_OUTPUTS = { outputs: [] };

export interface MeasureOptions {
  readonly api: 'sync' | 'async';
  /** Minimum number of inferences; without it, `seconds` alone counts. */
  readonly iterations?: number | undefined;
  /** Minimum duration; without it, `iterations` alone count. */
  readonly seconds?: number | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Measurement {
  /** Duration of each inference in milliseconds. */
  readonly latencies: readonly number[];
  /** Duration of all in milliseconds. */
  readonly duration: number;
}

/**
 * Runs the requests in turn, each as soon as its last inference has ended. Waits on the calling thread: promises would cost
 * small models a quarter of their throughput.
 */
export async function measure(requests: readonly InferRequest[], options: MeasureOptions): Promise<Measurement> {
  const { api, iterations, seconds, onProgress, signal } = options;
  const begin = (request: InferRequest): void => {
    if (api === 'async') request.startAsync();
    else request.infer([], NO_OUTPUTS);
  };
  const end = (request: InferRequest): void => {
    if (api === 'async') request.wait();
  };
  const latencies: number[] = [];
  const begun = requests.map(() => 0);
  let next = 0;
  const start = performance.now();
  let turn = start;
  const finish = (index: number): void => {
    end(requests[index]!);
    latencies.push(performance.now() - begun[index]!);
  };
  try {
    for (; ; next++) {
      const index = next % requests.length;
      if (next >= requests.length) finish(index);
      const now = performance.now();
      const share = Math.min(reached(next, iterations), reached((now - start) / 1000, seconds));
      if (share >= 1 && index === 0) break;
      if (now - turn > SLICE) {
        onProgress?.(share);
        await new Promise(setImmediate);
        if (signal?.aborted === true) throw new DecantError('cancelled', 'the benchmark was cancelled');
        turn = performance.now();
      }
      begun[index] = performance.now();
      begin(requests[index]!);
    }
  } finally {
    // The request whose turn it is has ended.
    for (let i = next + 1; i < next + requests.length; i++) {
      if (i >= requests.length) finish(i % requests.length);
    }
  }
  return { latencies, duration: performance.now() - start };
}

const reached = (done: number, goal: number | undefined): number => (goal === undefined ? 1 : done / goal);
