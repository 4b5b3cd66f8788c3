import type { CompiledNetwork } from '../../api/compile-detector.ts';
import type { DetectionResult } from '../../api/detection-result.ts';
import type { DetectOptions } from '../../api/detector-options.ts';
import { networkPorts } from '../../api/network-ports.ts';
import { detectImage } from '../../detect/detect-image.ts';
import type { Head } from '../../detect/heads/head.ts';
import type { Tensors } from '../../detect/heads/port.ts';
import { DecantError } from '../../errors.ts';
import type { Image } from '../../image/image.ts';
import type { Labels } from '../../labels/labels.ts';
import type { RtInfo } from '../../ov/ir/ir.ts';
import type { CompiledModel } from '../../runtime/compiled-model.ts';
import type { ServerLimits } from '../server-options.ts';
import { largestBatch } from './batch.ts';
import { BatchingPool, type PooledInference } from './batching-pool.ts';
import { TaskQueue } from './task-queue.ts';

/** The head of a detector; for another model, why it has none. */
export type HeadOrReason = Head | DecantError;

/** Called after each inference. */
export type OnInference = (inference: InferenceFacts) => void;

/** Milliseconds of an inference, and how many ran as one. */
export type InferenceFacts = Pick<PooledInference, 'ms' | 'waited' | 'batch'>;

/** A compiled model with its requests and its queue. It is freed when it is closed and its last task has ended. */
export class LoadedModel {
  readonly compiled: CompiledModel;
  readonly head: HeadOrReason;
  readonly labels: Labels;
  readonly rtInfo: RtInfo;
  readonly path: string;
  readonly notes: readonly string[];
  readonly device: string;
  readonly converted: number | undefined;
  readonly pool: BatchingPool;
  readonly queue: TaskQueue;
  readonly #onInference: OnInference;
  #uses = 0;
  #closed = false;

  constructor(
    network: CompiledNetwork<HeadOrReason>,
    rtInfo: RtInfo,
    { batch, queue }: Pick<ServerLimits, 'batch' | 'queue'>,
    onInference: OnInference,
  ) {
    const { compiled, head } = network;
    this.compiled = compiled;
    this.head = head;
    this.rtInfo = rtInfo;
    this.path = network.path;
    this.notes = network.notes;
    this.converted = network.converted;
    this.labels = network.labels ?? (head instanceof DecantError ? new Map() : head.labels);
    this.device = compiled.getProperty('EXECUTION_DEVICES').replaceAll(/[()]/g, '');
    // The first size of another model's inputs may be anything, such as a number of points.
    const most = head instanceof DecantError ? 1 : largestBatch([...compiled.inputs, ...compiled.outputs]);
    this.pool = new BatchingPool(compiled, Math.max(1, Math.min(batch, most)));
    // Images are decoded and prepared while others are on the device.
    this.queue = new TaskQueue(this.pool.capacity + this.pool.size + 1, queue);
    this.#onInference = onInference;
  }

  /** @throws DecantError `unsupported` if the model is not a known kind of detector */
  get detector(): Head {
    if (!(this.head instanceof DecantError)) return this.head;
    throw new DecantError('unsupported', `this model cannot detect objects: ${this.head.message}`, {
      remedy: 'Send tensors to its infer endpoint instead.',
    });
  }

  /** @param read decodes the image when its turn has come */
  async detect(read: () => Promise<Image>, options: DetectOptions, signal: AbortSignal): Promise<DetectionResult> {
    const head = this.detector;
    const names = head.requiredOutputs.map(port => port.names[0]!);
    return this.queue.run(async () => {
      const start = performance.now();
      const image = await read();
      const readMs = performance.now() - start;
      let infer = 0;
      const run = async (inputs: Tensors): Promise<Tensors> => {
        const inference = await this.#infer(inputs, names, signal);
        infer = inference.ms;
        return inference.outputs;
      };
      const { detections, timings } = await detectImage(image, head, run, { labels: this.labels, ...options });
      return { image, width: image.width, height: image.height, detections, ms: { read: readMs, ...timings, infer } };
    }, signal);
  }

  /** @param read returns the inputs when their turn has come */
  async infer(read: () => Promise<Tensors>, outputs: readonly string[], signal: AbortSignal): Promise<Tensors> {
    return this.queue.run(async () => (await this.#infer(await read(), outputs, signal)).outputs, signal);
  }

  async #infer(inputs: Tensors, outputs: readonly string[], signal: AbortSignal): Promise<PooledInference> {
    const inference = await this.pool.infer(inputs, outputs, signal);
    this.#onInference(inference);
    return inference;
  }

  get ports(): ReturnType<typeof networkPorts> {
    return networkPorts(this.compiled);
  }

  /** Keeps the model from being freed while `work` runs. */
  async during<T>(work: (model: this) => Promise<T>): Promise<T> {
    this.#uses++;
    try {
      return await work(this);
    } finally {
      this.#uses--;
      this.#freeUnused();
    }
  }

  close(): void {
    this.#closed = true;
    this.#freeUnused();
  }

  #freeUnused(): void {
    if (this.#closed && this.#uses === 0) this.compiled.close();
  }
}
