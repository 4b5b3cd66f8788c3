import { DecantError } from '../errors.ts';

const remedy =
  'If the program that wrote the model runs it, please report this with the output of the same command with --debug.';

/**
 * Runs `work` on data from a file. Ops assume complete inputs and attributes, so an unexpected exception means that the
 * file is malformed.
 */
export function asMalformed<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof DecantError && thrown.code !== 'internal') throw thrown.within(place);
    throw new DecantError('malformed', 'the inputs or attributes do not fit the operation', { cause: thrown, remedy }, [
      place,
    ]);
  }
}
