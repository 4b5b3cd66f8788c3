import { DecantError } from '../errors.ts';

export const noPostProcessing = (what: string): DecantError =>
  new DecantError(
    'unsupported',
    `${what}: the model has no non-maximum suppression, and does not take the peaks of a heat map`,
    {
      remedy: 'Apply it to the outputs of the model instead.',
    },
  );
