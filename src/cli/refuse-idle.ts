import type { Command } from 'commander';
import { DecantError } from '../errors.ts';

/**
 * Refuses options that would do nothing.
 *
 * @param given the options by flag; undefined and false if they were not given
 * @param why completes the sentence `--every does nothing ...`
 */
export function refuseIdle(given: Readonly<Record<string, unknown>>, why: string): void {
  const idle = Object.keys(given).filter(flag => given[flag] !== undefined && given[flag] !== false);
  if (idle.length === 0) return;
  const [does, them] = idle.length === 1 ? ['does', 'it'] : ['do', 'them'];
  throw new DecantError('invalid-argument', `${idle.join(' and ')} ${does} nothing ${why}`, {
    remedy: `Leave ${them} out.`,
  });
}

/** Returns all options that the command line names, except some, also those with their default as value. */
export const givenOptions = (
  command: Command,
  isIncluded: (flag: string) => boolean,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    command.options
      .filter(option => command.getOptionValueSource(option.attributeName()) === 'cli')
      .map(({ long, short, flags }) => long ?? short ?? flags)
      .filter(isIncluded)
      .map(flag => [flag, true]),
  );
