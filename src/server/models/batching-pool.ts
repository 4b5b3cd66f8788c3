import { joinBatch, splitBatch } from '../../api/batch-tensors.ts';
import { type Inference, InferencePool } from '../../api/inference-pool.ts';
import type { Tensors } from '../../detect/heads/port.ts';
import { DecantError } from '../../errors.ts';
import type { CompiledModel } from '../../runtime/compiled-model.ts';
import { batchKey, batchSize } from './batch.ts';
import { DeviceTurns } from './device-turns.ts';

interface Waiting {
  readonly inputs: Tensors;
  readonly outputs: readonly string[];
  /** Equal for inferences that can run as one; undefined for one that must run alone. */
  readonly key: string | undefined;
  readonly signal: AbortSignal;
  readonly since: number;
  readonly resolve: (inference: PooledInference) => void;
  readonly reject: (reason: unknown) => void;
}

export interface PooledInference extends Inference {
  /** Milliseconds before a request was free. */
  readonly waited: number;
  /** How many ran as one. */
  readonly batch: number;
}

/** Inferences that wait on the device while others run, so that it does not wait for this thread. Batches do without. */
const AHEAD = 1;

/**
 * Runs inferences on as many requests as are optimal for the device. While all are in use, inferences wait; those with the
 * same shapes then run as one batch of up to `maxBatch` items. None waits for others to come.
 */
export class BatchingPool {
  readonly size: number;
  readonly maxBatch: number;
  readonly #pool: InferencePool;
  readonly #turns: DeviceTurns;
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(compiled: CompiledModel, maxBatch: number) {
    const names = compiled.outputs.map(({ anyName }) => anyName);
    const ahead = maxBatch === 1 ? AHEAD : 0;
    this.#pool = new InferencePool(compiled, names, ahead);
    this.size = this.#pool.size;
    this.maxBatch = maxBatch;
    this.#most = this.size + ahead;
    this.#turns = new DeviceTurns(this.size);
  }

  /** The inferences that run on the device. */
  get running(): number {
    return Math.min(this.#running, this.size);
  }

  /** Most inferences that are taken at once. */
  get capacity(): number {
    return this.#most * this.maxBatch;
  }

  infer(inputs: Tensors, outputs: readonly string[], signal: AbortSignal): Promise<PooledInference> {
    const batch = this.maxBatch === 1 ? undefined : batchKey(inputs);
    const key = batch === undefined ? undefined : JSON.stringify([batch, outputs]);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ inputs, outputs, key, signal, since: performance.now(), resolve, reject });
      this.#start();
    });
  }

  #start(): void {
    while (this.#running < this.#most && this.#waiting.length > 0) {
      const batch = this.#next();
      if (batch.length === 0) continue;
      this.#running++;
      void this.#run(batch).finally(() => {
        this.#running--;
        this.#start();
      });
    }
  }

  /** Takes the first inference and those that can run with it. Cancelled ones end. */
  #next(): readonly Waiting[] {
    const batch: Waiting[] = [];
    let room = this.maxBatch;
    for (const each of [...this.#waiting]) {
      const size = batchSize(each.inputs);
      const fits = batch.length === 0 || (each.key !== undefined && each.key === batch[0]!.key && size <= room);
      if (!each.signal.aborted && !fits) continue;
      this.#waiting.splice(this.#waiting.indexOf(each), 1);
      if (each.signal.aborted) {
        each.reject(new DecantError('cancelled', 'the inference was cancelled'));
        continue;
      }
      batch.push(each);
      room -= size;
      if (each.key === undefined || room <= 0) break;
    }
    return batch;
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    const [first, ...others] = batch;
    if (others.length === 0) {
      await this.#runAlone(first!);
      return;
    }
    try {
      const joined = joinBatch(batch.map(({ inputs }) => inputs));
      const inference = await this.#turns.run(() => this.#pool.infer(joined, undefined, first!.outputs));
      const { result, ms, begun } = inference;
      const parts = splitBatch(
        result.outputs,
        batch.map(({ inputs }) => batchSize(inputs)),
      );
      batch.forEach(({ resolve, since }, i) =>
        resolve({ outputs: parts[i]!, ms, waited: begun - since, batch: batch.length }),
      );
    } catch {
      // One inference must not make the others fail.
      for (const each of batch) await this.#runAlone(each);
    }
  }

  async #runAlone({ inputs, outputs, signal, since, resolve, reject }: Waiting): Promise<void> {
    try {
      const { result, ms, begun } = await this.#turns.run(() => this.#pool.infer(inputs, signal, outputs));
      resolve({ outputs: result.outputs, ms, waited: begun - since, batch: 1 });
    } catch (thrown) {
      reject(thrown);
    }
  }
}
