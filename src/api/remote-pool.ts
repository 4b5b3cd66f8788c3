import type { Tensors } from '../detect/heads/port.ts';
import type { RemoteModel } from '../kserve/remote-model.ts';
import { type ConcurrencyLimit, limitConcurrency } from '../pipeline/limit-concurrency.ts';
import type { Inference, Inferences } from './inference-pool.ts';

/** Enough to keep a server busy while answers travel. */
const REQUESTS = 4;

/** Runs inferences on a server, a few at a time. */
export class RemotePool implements Inferences {
  readonly size = REQUESTS;
  readonly #model: RemoteModel;
  readonly #outputs: readonly string[];
  readonly #limit: ConcurrencyLimit = limitConcurrency(REQUESTS);

  constructor(model: RemoteModel, outputs: readonly string[]) {
    this.#model = model;
    this.#outputs = outputs;
  }

  infer(inputs: Tensors, signal: AbortSignal | undefined, names = this.#outputs): Promise<Inference> {
    return this.#limit(async () => {
      const start = performance.now();
      const outputs = await this.#model.infer(inputs, names, signal);
      return { outputs, ms: performance.now() - start };
    });
  }
}
