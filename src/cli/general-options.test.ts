import { expect, it } from 'vitest';
import { COMMAND_GROUPS } from './command-groups.ts';
import { withGeneralOptions } from './general-options.ts';

const COMMANDS = Object.values(COMMAND_GROUPS).flat();

it.each(COMMANDS.flatMap(command => [76, 60].map(width => [command().name(), width, command] as const)))(
  'the help of %s fits into %i columns',
  (_, width, make) => {
    const command = withGeneralOptions(make()).configureOutput({ getOutHelpWidth: () => width });
    const lines = command
      .helpInformation()
      .replaceAll(/\u001b\[\d+m/g, '')
      .split('\n');
    // Terms, and single words, are never broken.
    expect(lines.filter(line => line.length > width && !/^ {2}-|^ *\S+$/.test(line))).toEqual([]);
  },
);
