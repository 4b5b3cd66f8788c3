import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { InferenceFacts } from './models/loaded-model.ts';
import type { ModelRepository } from './models/model-repository.ts';
import type { ServedModel } from './models/served-model.ts';

/** What a request was, by the words of OpenVINO Model Server. */
export interface RequestKind {
  readonly api: 'KServe' | 'decant';
  readonly interface: 'REST' | 'gRPC';
  readonly method: string;
  readonly name: string;
  readonly version: string;
}

const KIND = ['api', 'interface', 'method', 'name', 'version'] as const;
const MODEL = ['name', 'version'] as const;

/** Microseconds: from 10 to 100 million, in steps of the 4th root of 10. */
const MICROSECONDS = Array.from({ length: 29 }, (_, i) => Math.round(10 ** (1 + i / 4)));

const BATCHES = [1, 2, 4, 8, 16, 32, 64];

/** Metrics for Prometheus, with the names of OpenVINO Model Server where it has them. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #success = this.#counter('ovms_requests_success', 'Number of successful requests.');
  readonly #fail = this.#counter('ovms_requests_fail', 'Number of failed requests.');
  readonly #requestTime = this.#histogram('ovms_request_time_us', 'Time from a request to its answer.', KIND);
  readonly #inferenceTime = this.#histogram('ovms_inference_time_us', 'Time of an inference on the device.', MODEL);
  readonly #waitTime = this.#histogram(
    'ovms_wait_for_infer_req_time_us',
    'Time that an inference waits for a free request.',
    MODEL,
  );
  readonly #batch: Histogram<'name' | 'version'>;
  readonly #openStreams: Gauge<'name' | 'version'>;

  constructor(models: () => ModelRepository) {
    const gauge = (
      name: string,
      help: string,
      valueOf: (model: NonNullable<ServedModel['loaded']>) => number,
    ): void => {
      const created = new Gauge<'name' | 'version'>({
        name,
        help,
        labelNames: MODEL,
        registers: [this.#registry],
        collect() {
          created.reset();
          for (const { name, version, loaded } of models().models) {
            if (loaded !== undefined) created.set({ name, version }, valueOf(loaded));
          }
        },
      });
    };
    gauge('ovms_streams', 'Number of inferences that the device runs in parallel.', ({ pool }) => pool.size);
    gauge('ovms_infer_req_queue_size', 'Number of inference requests.', ({ pool }) => pool.size);
    gauge('ovms_infer_req_active', 'Number of inference requests in use.', ({ pool }) => pool.running);
    gauge('ovms_current_requests', 'Number of requests in progress, and waiting.', ({ queue }) => queue.length);
    gauge('decant_model_batch', 'Most requests that run as one inference.', ({ pool }) => pool.maxBatch);
    this.#batch = new Histogram({
      name: 'decant_batch_size',
      help: 'How many requests ran as one inference, for each request.',
      labelNames: MODEL,
      buckets: BATCHES,
      registers: [this.#registry],
    });
    this.#openStreams = new Gauge({
      name: 'decant_open_streams',
      help: 'Number of open streams of frames.',
      labelNames: MODEL,
      registers: [this.#registry],
    });
    collectDefaultMetrics({ register: this.#registry });
  }

  #counter(name: string, help: string): Counter<(typeof KIND)[number]> {
    return new Counter({ name, help, labelNames: KIND, registers: [this.#registry] });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: readonly T[]): Histogram<T> {
    return new Histogram({
      name,
      help: `${help} In microseconds.`,
      labelNames,
      buckets: MICROSECONDS,
      registers: [this.#registry],
    });
  }

  countRequest(kind: RequestKind, ok: boolean, ms: number): void {
    (ok ? this.#success : this.#fail).inc({ ...kind });
    this.#requestTime.observe({ ...kind }, 1000 * ms);
  }

  countInference({ name, version }: ServedModel, { ms, waited, batch }: InferenceFacts): void {
    this.#batch.observe({ name, version }, batch);
    this.#inferenceTime.observe({ name, version }, 1000 * ms);
    this.#waitTime.observe({ name, version }, 1000 * waited);
  }

  /** Returns a function to call when the stream ends. */
  countStream({ name, version }: ServedModel): () => void {
    this.#openStreams.inc({ name, version });
    return () => this.#openStreams.dec({ name, version });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
