import { DecantError } from '../errors.ts';
import { ImageQueue } from '../queue/image-queue.ts';
import { jobImages } from '../queue/job-images.ts';
import { amount } from './amount.ts';
import { endStatus, logInfo, print, printJson, status } from './console.ts';
import type { QueueOptions } from './queue-options.ts';

export interface EnqueueOptions extends QueueOptions {
  readonly retryFailed?: boolean;
  readonly json?: boolean;
}

export async function runEnqueue(names: readonly string[], options: EnqueueOptions): Promise<void> {
  const { retryFailed = false, json = false } = options;
  if (names.length === 0 && !retryFailed) {
    throw new DecantError('invalid-argument', 'no images were named', { remedy: 'Name files, folders or URLs.' });
  }
  status('looking for images');
  const images = await jobImages(names);
  await using queue = await ImageQueue.connect(options);
  const retried = retryFailed ? await queue.retryFailed() : 0;
  const added = await queue.add(images, done => {
    status(`queueing ${done} of ${images.length} images`);
  });
  endStatus();
  const counts = await queue.counts();
  if (json) {
    printJson({ queue: options.queue, images: images.length, added, retried, ...counts });
    return;
  }
  const known = images.length === added ? '' : `, ${images.length - added} known already`;
  print(`${amount(added, 'image')} queued${known}${retried === 0 ? '' : `, ${retried} retried`}`);
  logInfo(`${options.queue}: ${counts.waiting} waiting, ${counts.completed} done, ${counts.failed} failed`);
}
