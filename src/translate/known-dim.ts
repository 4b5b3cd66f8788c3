import { DecantError } from '../errors.ts';
import type { Dim } from '../tensor/dim.ts';

export function knownDim(dim: Dim | undefined, what: string): number {
  if (typeof dim !== 'number') {
    throw new DecantError('unsupported', `${what} must be known at conversion`, {
      remedy: 'If it depends on the input size, fix the size with --input-shape.',
    });
  }
  return dim;
}
