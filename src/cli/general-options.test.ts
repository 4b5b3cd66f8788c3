import { expect, it } from 'vitest';
import { COMMAND_GROUPS } from './command-groups.ts';
import { withGeneralOptions } from './general-options.ts';

const WIDTH = 76;

it.each(
  Object.values(COMMAND_GROUPS)
    .flat()
    .map(command => [command().name(), command] as const),
)('the help of %s fits into a narrow terminal', (_, make) => {
  const command = withGeneralOptions(make()).configureOutput({ getOutHelpWidth: () => WIDTH });
  const lines = command
    .helpInformation()
    .replaceAll(/\u001b\[\d+m/g, '')
    .split('\n');
  expect(lines.filter(line => line.length > WIDTH)).toEqual([]);
});
