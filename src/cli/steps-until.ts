import type { Step } from '../convert.ts';
import { DecantError } from '../errors.ts';
import { nearestHint } from '../nearest-names.ts';

/** The stages that are not named after a step, and their last steps. */
const STAGES: Readonly<Record<string, (step: Step) => boolean>> = {
  model: ({ stage }) => stage === 'read',
  prepared: ({ stage }) => stage === 'prepare',
  translated: ({ name }) => name === 'translate',
  graph: () => true,
  ir: () => true,
};

/** Accepts a stage, or a step: `NAME` is its last run, `NAME:1` the first. */
export function stepsUntil(stage: string, steps: readonly Step[]): readonly Step[] {
  const [, name, run] = /^(.*?)(?::(\d+))?$/s.exec(stage)!;
  const isLast = STAGES[stage] ?? (step => step.name === name);
  const ends = steps.flatMap((step, i) => (isLast(step) ? [i + 1] : []));
  const end = run === undefined ? ends.at(-1) : ends[Number(run) - 1];
  if (end !== undefined) return steps.slice(0, end);
  if (ends.length > 0) {
    throw new DecantError('invalid-argument', `unknown stage '${stage}': step ${name!} runs ${ends.length} times`);
  }
  const names = new Set([...Object.keys(STAGES), ...steps.map(step => step.name)]);
  throw new DecantError('invalid-argument', `unknown stage '${stage}'`, {
    remedy: `${nearestHint(name!, names)}Choose one of ${[...names].join(', ')}.`,
  });
}
