import { adviseOnInterrupt } from '../../interrupt.ts';
import type { PlanOutput } from '../detect-output.ts';

export const logResults: PlanOutput = ({ log }) => {
  if (log === undefined) return undefined;
  return () => ({
    start: async () => {
      await log.begin();
      adviseOnInterrupt('Repeat the command with --resume to continue.');
    },
    result: ({ input, record }) => log.add(input, record),
    inputDone: (input, { complete, saved }) => (complete ? log.finish(input, saved) : undefined),
  });
};
