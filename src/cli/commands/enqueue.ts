import { Command } from 'commander';
import { withQueueOptions } from '../queue-options.ts';
import type { EnqueueOptions } from '../run-enqueue.ts';

export const enqueueCommand = (): Command =>
  withQueueOptions(
    new Command('enqueue')
      .description('Put images into a queue in Redis, for workers.')
      .argument('[images...]', 'images, folders, patterns, URLs, s3://BUCKET/PREFIX, or lists of these (.txt)'),
  )
    .option('--retry-failed', 'also queue the images that failed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Images that are already in the queue, or were processed, are not queued again.

Examples:
  $ decant enqueue holiday/
  $ decant enqueue "shots/**/*.jpg" list.txt --queue shots
  $ decant enqueue s3://photos/2026/ --redis redis://queue.example:6379
  $ decant worker model.xml --results found/ --drain`,
    )
    .action(enqueue);

async function enqueue(names: readonly string[], options: EnqueueOptions): Promise<void> {
  const { runEnqueue } = await import('../run-enqueue.ts');
  await runEnqueue(names, options);
}
