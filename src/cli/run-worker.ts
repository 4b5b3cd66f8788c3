import { Detector } from '../api/detector.ts';
import type { DetectorOptions } from '../api/detector-options.ts';
import { DecantError } from '../errors.ts';
import { isServedModel } from '../kserve/model-address.ts';
import { classIdsOf, classesIn } from '../labels/labels.ts';
import { checkQueueName, type QueueCounts } from '../queue/image-queue.ts';
import { checkTargetFolder } from '../platform/check-target.ts';
import { openStore } from '../queue/open-store.ts';
import { isS3 } from '../queue/s3-client.ts';
import { runWorker } from '../queue/run-worker.ts';
import { endStatus, logInfo, status } from './console.ts';
import { formatDuration } from './format-duration.ts';
import { finishOnInterrupt } from './interrupt.ts';
import { convertOptions, type ModelOptions } from './model-options.ts';
import type { QueueOptions } from './queue-options.ts';
import { TEXT_FORMATS } from './result-options.ts';
import { resolveWithProgress } from './transfer.ts';

export interface WorkerCommandOptions extends ModelOptions, QueueOptions {
  readonly results: string;
  readonly format: string;
  readonly rate?: number;
  readonly drain?: boolean;
  readonly device: string;
  readonly precision: NonNullable<DetectorOptions['precision']>;
  readonly cacheDir?: string;
  readonly threshold: number;
  readonly classes?: string;
  readonly maxDetections?: number;
}

export async function runWorkerCommand(model: string, options: WorkerCommandOptions): Promise<void> {
  const { format, results, threshold, classes, maxDetections, drain = false } = options;
  if (!TEXT_FORMATS.includes(format)) {
    throw new DecantError('invalid-argument', `'${format}' is not a format of merged results`, {
      remedy: `Use one of ${TEXT_FORMATS.join(', ')}.`,
    });
  }
  checkQueueName(options.queue);
  const store = openStore(results);
  if (!isS3(results)) await checkTargetFolder(results);
  using detector = await load(model, options);
  const stop = new AbortController();
  const release = finishOnInterrupt(() => stop.abort());
  const progress = new Progress();
  try {
    await runWorker({
      ...{ redis: options.redis, queue: options.queue, rate: options.rate },
      ...{ detector, model, store, format, drain, signal: stop.signal },
      detect: {
        threshold,
        maxDetections,
        classIds: classes === undefined ? undefined : classIdsOf(detector.labels, classesIn(classes)),
      },
      onProgress: counts => {
        progress.show(counts);
      },
      onResults: (count, { failed }) => {
        endStatus();
        logInfo(`${count} results in ${store.place}${failed === 0 ? '' : `, ${failed} images failed: failed.jsonl`}`);
      },
    });
  } finally {
    endStatus();
    release();
  }
}

async function load(model: string, options: WorkerCommandOptions): Promise<Detector> {
  if (isServedModel(model)) return Detector.load(model, { head: options.head });
  const { device, precision, cacheDir } = options;
  const resolved = await resolveWithProgress(model, options);
  status(`loading ${model}`);
  return Detector.loadResolved(resolved, {
    ...{ device, precision, cacheDir, performanceHint: 'throughput' },
    convert: convertOptions(options),
  });
}

/** `120 of 500 images, 3 failed  12.1 per second, 31 s left` */
class Progress {
  readonly #start = performance.now();
  #first: number | undefined;

  show({ waiting, active, completed, failed }: QueueCounts): void {
    const done = completed + failed;
    this.#first ??= done;
    const rate = (done - this.#first) / ((performance.now() - this.#start) / 1000);
    const left = waiting + active;
    const speed = rate > 0 ? `  ${rate.toFixed(1)} per second, ${formatDuration(left / rate)} left` : '';
    status(`${done} of ${done + left} images${failed === 0 ? '' : `, ${failed} failed`}${speed}`);
  }
}
