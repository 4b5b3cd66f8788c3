import { batchLoop } from './batch-loop.ts';
import { COMPRESSION, loadPasses } from './index.ts';
import { winograd } from './winograd.ts';

/** Returns what each change of the passes means, by its name. */
export async function loadSummaries(): Promise<ReadonlyMap<string, string>> {
  const passes = [...(await loadPasses()), batchLoop(1), ...COMPRESSION, winograd];
  return new Map(passes.flatMap(({ changes }) => changes.map(({ name, summary }) => [name, summary] as const)));
}
