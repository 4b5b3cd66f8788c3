import type { Tensors } from '../detect/heads/port.ts';
import { type ConcurrencyLimit, limitConcurrency } from '../pipeline/limit-concurrency.ts';
import type { CompiledModel } from '../runtime/compiled-model.ts';
import type { InferRequest } from '../runtime/infer-request.ts';

/** The outputs of an inference, and its duration in milliseconds, without the time spent waiting for a request. */
export interface Inference {
  readonly outputs: Tensors;
  readonly ms: number;
}

/** Runs inferences, a limited number at a time. */
export interface Inferences {
  /** How many run at once. */
  readonly size: number;
  /** @param names the outputs to return; by default, those that the detector reads */
  infer(inputs: Tensors, signal: AbortSignal | undefined, names?: readonly string[]): Promise<Inference>;
  /** Announces an inference, for which a batch waits. Returns what must be called when it has arrived, or does not come. */
  expect?(): () => void;
}

/** Reuses as many inference requests as are optimal for the device. */
export class InferencePool implements Inferences {
  readonly size: number;
  readonly #compiled: CompiledModel;
  readonly #outputs: readonly string[];
  readonly #idle: InferRequest[] = [];
  readonly #limit: ConcurrencyLimit;

  /** @param ahead how many more to start, which wait on the device */
  constructor(compiled: CompiledModel, outputs: readonly string[], ahead = 0) {
    this.size = Number(compiled.getProperty('OPTIMAL_NUMBER_OF_INFER_REQUESTS'));
    this.#compiled = compiled;
    this.#outputs = outputs;
    this.#limit = limitConcurrency(this.size + ahead);
  }

  infer(inputs: Tensors, signal: AbortSignal | undefined, names = this.#outputs): Promise<Inference> {
    return this.#limit(async () => {
      const request = this.#idle.pop() ?? this.#compiled.createInferRequest();
      const start = performance.now();
      try {
        const outputs = await request.inferAsync(inputs, { outputs: names, signal });
        return { outputs, ms: performance.now() - start };
      } finally {
        this.#idle.push(request);
      }
    });
  }
}
