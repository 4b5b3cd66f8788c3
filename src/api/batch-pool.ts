import { DecantError } from '../errors.ts';
import type { Ports, Tensors } from '../detect/heads/port.ts';
import type { Inference, Inferences } from './inference-pool.ts';
import { joinBatch, splitBatch } from './batch-tensors.ts';

interface Waiting {
  readonly inputs: Tensors;
  readonly names: readonly string[] | undefined;
  readonly resolve: (inference: Inference) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs single inferences on a model with a fixed batch size. A batch runs as soon as it is full, or if nobody is about to add
 * to it; its empty places are padded. Inputs of different sizes run in different batches.
 */
export class BatchPool implements Inferences {
  readonly size: number;
  readonly #pool: Inferences;
  readonly #batch: number;
  readonly #waiting = new Map<string, Waiting[]>();
  #expected = 0;

  constructor(pool: Inferences, batch: number) {
    this.size = pool.size * batch;
    this.#pool = pool;
    this.#batch = batch;
  }

  expect(): () => void {
    let isPending = true;
    this.#expected++;
    return () => {
      if (!isPending) return;
      isPending = false;
      this.#expected--;
      this.#runRest();
    };
  }

  async infer(inputs: Tensors, signal: AbortSignal | undefined, names?: readonly string[]): Promise<Inference> {
    if (signal?.aborted === true) throw new DecantError('cancelled', 'the inference was cancelled');
    const key = JSON.stringify([names, Object.entries(inputs).map(([name, { shape }]) => [name, shape])]);
    return new Promise((resolve, reject) => {
      const waiting = [...(this.#waiting.get(key) ?? []), { inputs, names, resolve, reject }];
      this.#waiting.set(key, waiting);
      if (waiting.length === this.#batch) this.#run(key);
      else this.#runRest();
    });
  }

  /** Later, because the next image may be about to arrive. */
  #runRest(): void {
    setImmediate(() => {
      if (this.#expected > 0) return;
      for (const key of this.#waiting.keys()) this.#run(key);
    });
  }

  #run(key: string): void {
    const waiting = this.#waiting.get(key)!;
    this.#waiting.delete(key);
    // The last one fills the places that are left.
    const items = Array.from({ length: this.#batch }, (_, i) => waiting[Math.min(i, waiting.length - 1)]!.inputs);
    const sizes = new Array<number>(this.#batch).fill(1);
    this.#pool.infer(joinBatch(items), undefined, waiting[0]!.names).then(
      ({ outputs, ms }) => {
        const parts = splitBatch(outputs, sizes);
        for (const [i, { resolve }] of waiting.entries()) resolve({ outputs: parts[i]!, ms });
      },
      (reason: unknown) => {
        for (const { reject } of waiting) reject(reason);
      },
    );
  }
}

/** The fixed batch size of a model with one image input, if all its outputs have one item per image; otherwise 1. */
export function batchOf({ inputs, outputs }: Ports): number {
  const [batch = 1] = inputs.length === 1 && inputs[0]!.shape.length === 4 ? inputs[0]!.shape : [1];
  return outputs.every(({ shape }) => shape[0] === batch || (shape.length > 0 && shape[0] === undefined)) ? batch : 1;
}

/** The ports of the same model for single images. */
export function unbatched(ports: Ports): Ports {
  if (batchOf(ports) === 1) return ports;
  const single = (list: Ports['inputs']): Ports['inputs'] =>
    list.map(port => ({ ...port, shape: [1, ...port.shape.slice(1)] }));
  return { inputs: single(ports.inputs), outputs: single(ports.outputs) };
}
