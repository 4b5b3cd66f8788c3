import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { DecantError } from '../errors.ts';
import { type ImageJob, type ImageOutcome, jobIdOf } from './image-job.ts';

/** Where the queue is. */
export interface QueueAddress {
  /** `redis://[:password@]host[:port][/database]`, or `rediss://` with TLS. */
  readonly redis: string;
  readonly queue: string;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly completed: number;
  readonly failed: number;
}

/** A job that failed for good. */
export interface DeadLetter {
  readonly image: string;
  readonly error: string;
}

/** How often an image is tried, and the first pause between two tries in milliseconds; later pauses double. */
const ATTEMPTS = 4;
const PAUSE = 1000;

/** Jobs that are added at once. */
const BATCH = 500;

/**
 * Connects to Redis. Commands wait while the connection is interrupted.
 *
 * @throws DecantError `network` if Redis does not answer, `invalid-argument` for another kind of URL
 */
export async function connectRedis(url: string): Promise<Redis> {
  if (!/^rediss?:\/\/[^/]/i.test(url)) {
    throw new DecantError('invalid-argument', `'${url}' is not the URL of a Redis server`, {
      remedy: 'Write redis://host:6379.',
    });
  }
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: times => Math.min(100 * times, 2000),
  });
  let reason = 'no answer';
  redis.on('error', (error: Error) => {
    reason = error.message || reason;
  });
  const late = new Promise<'late'>(resolve => setTimeout(resolve, CONNECT_TIMEOUT, 'late').unref());
  const outcome = await Promise.race([redis.connect().catch(() => 'late'), late]);
  if (outcome !== 'late') return redis;
  redis.disconnect();
  throw new DecantError('network', `no Redis server at ${hostOf(url)}: ${reason}`, {
    remedy: 'Start one, or give its address with --redis.',
  });
}

const CONNECT_TIMEOUT = 5000;

/** Without the password. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

/** A queue of images in Redis. Jobs are kept when they are done, so that an image that is added again is not processed again. */
export class ImageQueue implements AsyncDisposable {
  readonly #redis: Redis;
  readonly #queue: Queue<ImageJob, ImageOutcome>;

  private constructor(redis: Redis, name: string) {
    this.#redis = redis;
    this.#queue = new Queue(name, { connection: redis });
    // A lost connection is restored; commands wait for it.
    this.#queue.on('error', () => undefined);
  }

  static async connect({ redis, queue }: QueueAddress): Promise<ImageQueue> {
    checkQueueName(queue);
    return new ImageQueue(await connectRedis(redis), queue);
  }

  /** Adds images that the queue does not have. Returns how many these are. */
  async add(images: readonly string[], onProgress?: (added: number) => void): Promise<number> {
    const before = await this.#total();
    for (let at = 0; at < images.length; at += BATCH) {
      await this.#queue.addBulk(
        images.slice(at, at + BATCH).map(image => ({ name: 'image', data: { image }, opts: optionsOf(image) })),
      );
      onProgress?.(Math.min(at + BATCH, images.length));
    }
    return (await this.#total()) - before;
  }

  async counts(): Promise<QueueCounts> {
    const counts = await this.#queue.getJobCounts('waiting', 'delayed', 'prioritized', 'active', 'completed', 'failed');
    const count = (name: string): number => counts[name] ?? 0;
    return {
      waiting: count('waiting') + count('delayed') + count('prioritized'),
      active: count('active'),
      completed: count('completed'),
      failed: count('failed'),
    };
  }

  async deadLetters(): Promise<readonly DeadLetter[]> {
    const jobs = await this.#queue.getFailed();
    return jobs.map(({ data, failedReason }) => ({ image: data.image, error: failedReason }));
  }

  /** Puts images that failed back into the queue. Returns how many. */
  async retryFailed(): Promise<number> {
    const jobs = await this.#queue.getFailed();
    await Promise.all(jobs.map(job => job.retry('failed')));
    return jobs.length;
  }

  async #total(): Promise<number> {
    const { waiting, active, completed, failed } = await this.counts();
    return waiting + active + completed + failed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close().catch(() => undefined);
    this.#redis.disconnect();
  }
}

const optionsOf = (image: string) => ({
  jobId: jobIdOf(image),
  attempts: ATTEMPTS,
  backoff: { type: 'exponential', delay: PAUSE },
});

/** @throws DecantError `invalid-argument` for a name that keys of Redis cannot have here */
export function checkQueueName(name: string): void {
  if (/^[\w.-]+$/.test(name)) return;
  throw new DecantError('invalid-argument', `'${name}' is not a valid queue name`, {
    remedy: "Use letters, digits, '.', '_' and '-'.",
  });
}
