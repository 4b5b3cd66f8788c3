import type { Command } from 'commander';
import { type DetectCommandOptions, detectCommandWithOptions } from '../detect/detect-command-options.ts';

export const detectCommand = (): Command => detectCommandWithOptions().action(detect);

async function detect(model: string, names: readonly string[], options: DetectCommandOptions): Promise<void> {
  const { runDetect } = await import('../detect/run-detect.ts');
  await runDetect(model, names, options);
}
