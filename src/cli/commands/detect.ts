import type { Command } from 'commander';
import { commandWithOptions, type Options } from '../detect/options.ts';

export const detectCommand = (): Command => commandWithOptions().action(detect);

async function detect(model: string, names: readonly string[], options: Options): Promise<void> {
  const { run } = await import('../detect/run.ts');
  await run(model, names, options);
}
