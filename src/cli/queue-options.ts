import { type Command, Option } from 'commander';

export interface QueueOptions {
  readonly redis: string;
  readonly queue: string;
}

export const withQueueOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--redis <url>', 'Redis server; with a password: redis://:PASSWORD@host:6379')
        .default('redis://127.0.0.1:6379')
        .env('DECANT_REDIS'),
    )
    .option('--queue <name>', 'name of the queue', 'decant');
