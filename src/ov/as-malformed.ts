import { DecantError } from '../errors.ts';

/**
 * Runs `work` on what a file says. Ops take for granted that their inputs are there and attributes are complete; where
 * `work` fails because a file breaks that, the file is to blame.
 * @throws DecantError `malformed`, or as `work` threw it
 */
export function asMalformed<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof DecantError && thrown.code !== 'internal') throw thrown.within(place);
    throw new DecantError('malformed', 'the inputs or attributes do not fit the operation', { cause: thrown }, [place]);
  }
}
