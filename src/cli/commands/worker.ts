import { Command } from 'commander';
import { cacheDirOption, precisionOption, withModelOptions } from '../model-options.ts';
import { integerFrom, numberBetween, positiveUpTo } from '../parse-number.ts';
import { withQueueOptions } from '../queue-options.ts';
import { TEXT_FORMATS } from '../result-options.ts';
import type { WorkerCommandOptions } from '../run-worker.ts';

export const workerCommand = (): Command =>
  withModelOptions(
    withQueueOptions(
      new Command('worker')
        .description('Detect objects in the images of a queue in Redis.')
        .argument('<model>', 'TensorFlow model or OpenVINO IR (.xml): a path, name or URL, or a model on a server')
        .requiredOption('--results <place>', 'folder for the results, or s3://BUCKET/PREFIX'),
    )
      .option('--format <name>', `format of the merged results: ${TEXT_FORMATS.join(', ')}`, 'jsonl')
      .option('--rate <n>', 'images per second for all workers of the queue together', positiveUpTo(1e6))
      .option('--drain', 'exit when the queue is empty; otherwise wait for more images')
      .option('--device <name>', 'device to run on: CPU, GPU, NPU, AUTO', 'AUTO')
      .addOption(precisionOption())
      .addOption(cacheDirOption())
      .option('--threshold <score>', 'lowest score to report, 0 to 1', numberBetween(0, 1), 0.5)
      .option('--classes <names>', 'report only these classes: comma-separated names or ids')
      .option('--top, --max-detections <n>', 'report at most this many objects per image', integerFrom(0))
      .optionsGroup('Model:'),
  )
    .addHelpText(
      'after',
      `
Several workers may share a queue, on one machine or many. If a worker dies,
nothing is lost: others process its images.

Examples:
  $ decant worker model.xml --results found/ --drain
  $ decant worker model.xml --results s3://found/2026 --redis redis://queue.example:6379
  $ decant worker http://host:8080/v2/models/ssd --results found/ --rate 20`,
    )
    .action(worker);

async function worker(model: string, options: WorkerCommandOptions): Promise<void> {
  const { runWorkerCommand } = await import('../run-worker.ts');
  await runWorkerCommand(model, options);
}
