import type { PlanOutput } from '../detect-output.ts';

export const logResults: PlanOutput = ({ log }) => {
  if (log === undefined) return undefined;
  return () => ({
    start: () => log.begin(),
    result: ({ input, record }) => log.add(input, record),
    inputDone: (input, { complete, saved }) => (complete ? log.finish(input, saved) : undefined),
  });
};
