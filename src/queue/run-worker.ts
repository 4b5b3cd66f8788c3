import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Detector } from '../api/detector.ts';
import type { DetectOptions } from '../api/detector-options.ts';
import { asDecantError, type ErrorCode } from '../errors.ts';
import { imageJson } from '../results/formats/json.ts';
import { jsonText } from '../results/result-part.ts';
import { type ImageJob, type ImageOutcome, jobIdOf } from './image-job.ts';
import { connectRedis, ImageQueue, type QueueAddress, type QueueCounts } from './image-queue.ts';
import { readJobImage } from './job-images.ts';
import { mergeResults, PARTS } from './merge-results.ts';
import type { ResultStore } from './result-store.ts';

export interface WorkerRun extends QueueAddress {
  readonly detector: Detector;
  readonly model: string;
  readonly detect: DetectOptions;
  readonly store: ResultStore;
  readonly format: string;
  /** Images per second for all workers of the queue together; without a limit by default. */
  readonly rate?: number | undefined;
  /** Ends when the queue is empty; otherwise waits for more images. */
  readonly drain: boolean;
  readonly signal: AbortSignal;
  onProgress?(counts: QueueCounts): void;
  /** Called when the queue is empty and the results are merged. */
  onResults?(results: number, counts: QueueCounts): void;
}

/** How long a job of a dead worker is left alone, and how often such jobs are looked for, in milliseconds. */
const LOCK = 15_000;
const LOOK_FOR_STALLED = 5000;

/** How often an image may be on a worker that dies; after that, it is likely to be the reason. */
const MAX_STALLED = 5;

const POLL = 500;

/** Errors of an image itself, which no other attempt repairs. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['bad-image', 'invalid-argument', 'limit', 'not-found', 'unsupported']);

/**
 * Processes the images of a queue until it is stopped. Each result is a file of its own, named by its job and written as a
 * whole before the job counts as done: a job that a dead worker leaves behind is done again, and its result replaced.
 */
export async function runWorker(run: WorkerRun): Promise<void> {
  await using queue = await ImageQueue.connect(run);
  const connection = await connectRedis(run.redis);
  const worker = new Worker<ImageJob, ImageOutcome>(run.queue, job => processJob(job, run), {
    connection,
    // Stored with each job that it does.
    name: `${hostname()}:${process.pid}`,
    concurrency: run.detector.requests + 1,
    lockDuration: LOCK,
    stalledInterval: LOOK_FOR_STALLED,
    maxStalledCount: MAX_STALLED,
    ...(run.rate !== undefined && { limiter: { max: run.rate, duration: 1000 } }),
  });
  // Lost connections are restored, and failed jobs are in the queue.
  worker.on('error', () => undefined);
  try {
    await follow(queue, run);
  } finally {
    // Waits for the images in work.
    await worker.close();
    connection.disconnect();
  }
}

async function processJob({ data: { image } }: Job<ImageJob>, run: WorkerRun): Promise<ImageOutcome> {
  try {
    const result = await run.detector.detect(await readJobImage(image), run.detect);
    const { width, height, detections } = result;
    await run.store.put(
      `${PARTS}/${jobIdOf(image)}.json`,
      jsonText(imageJson({ file: image, width, height, detections })),
    );
    return { objects: detections.length };
  } catch (thrown) {
    const error = asDecantError(thrown);
    const text = error.describe();
    throw FINAL.has(error.code) ? new UnrecoverableError(text) : new Error(text);
  }
}

/** Reports progress, and merges the results whenever the queue has become empty. */
async function follow(queue: ImageQueue, run: WorkerRun): Promise<void> {
  let merged = -1;
  while (!run.signal.aborted) {
    const counts = await queue.counts();
    run.onProgress?.(counts);
    const done = counts.completed + counts.failed;
    if (counts.waiting + counts.active === 0 && done !== merged) {
      const { detector, model, store, format } = run;
      const context = {
        model,
        device: detector.device,
        notes: detector.notes,
        labels: run.detect.labels ?? detector.labels,
      };
      const results = await mergeResults(store, format, context, await queue.deadLetters());
      merged = done;
      run.onResults?.(results, counts);
    }
    if (run.drain && counts.waiting + counts.active === 0) return;
    await sleep(POLL, undefined, { signal: run.signal }).catch(() => undefined);
  }
}
