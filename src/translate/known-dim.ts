import { DecantError } from '../errors.ts';
import type { Dim } from '../tensor/dim.ts';

/** @throws DecantError `unsupported` if the size is not known at conversion */
export function knownDim(dim: Dim | undefined, what: string): number {
  if (typeof dim !== 'number') {
    throw new DecantError('unsupported', `${what} must be known at conversion`, {
      remedy: 'If it depends on the input size, fix the size with --input-shape.',
    });
  }
  return dim;
}
