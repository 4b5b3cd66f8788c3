import { Inputs } from './inputs.ts';
import { judge, type Outcome } from './problem.ts';
import { type Files, printFiles, type Target } from './target.ts';
import { TARGETS } from './targets.ts';
import { MEMORY_LIMIT, type Task } from './watched.ts';

/** The peak depends on the target: loading native libraries and seeds counts as well. */
let before: number | undefined;

const peak = (): number => process.resourceUsage().maxRSS * 1024;

/** Runs the inputs of tasks that the parent process sends, and reports each outcome. */
export function serve(): void {
  const inputs = new Map<string, Inputs>();
  process.on('message', ({ target: name, files, range }: Task) => {
    const target = TARGETS.find(each => each.name === name)!;
    void (async () => {
      if (files !== undefined) process.send?.(await outcomeOf(target, files));
      if (range === undefined) return;
      const key = `${name} ${range.seed}`;
      const made = inputs.get(key) ?? new Inputs(target, range.seed);
      inputs.set(key, made);
      for (let i = 0; i < range.count; i++) {
        process.send?.(await outcomeOf(target, printFiles(target, await made.at(range.first + i))));
      }
    })();
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

async function outcomeOf(target: Target, files: Files): Promise<Outcome> {
  before ??= peak();
  let outcome: Outcome = 'read';
  try {
    await target.run(files);
  } catch (thrown) {
    outcome = judge(thrown);
  }
  const used = peak() - before;
  if (used <= MEMORY_LIMIT) return outcome;
  return { kind: 'memory', message: `${Math.round(used / 1e6)} MB`, signature: 'memory' };
}
