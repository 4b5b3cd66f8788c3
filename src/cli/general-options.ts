import { type Command, Help, Option } from 'commander';

const GENERAL: readonly (readonly [flag: string, description: string])[] = [
  ['--quiet', 'print results and errors only'],
  ['--verbose', 'print more: files, steps and times'],
  ['--debug', 'print the error code and stack trace on failure'],
];

const GROUP = 'General options:';

/** Adds the options of all commands, below their own, and gives its help its style. */
export function withGeneralOptions(command: Command): Command {
  for (const [flag, description] of GENERAL) {
    const isOwn = command.options.some(({ long }) => long === flag);
    if (!isOwn)
      command.addOption(new Option(flag, description).helpGroup(GROUP).conflicts(flag === '--quiet' ? 'verbose' : []));
  }
  return command.addHelpOption(new Option('-h, --help', 'print help').helpGroup(GROUP)).configureHelp({
    ...command.configureHelp(),
    minWidthToWrap: NARROW,
    formatItem,
    styleTitle: bold,
    styleOptionTerm: cyan,
    styleSubcommandTerm: cyan,
  });
}

/** Columns of descriptions, below which some words would not fit. */
const NARROW = 20;

/** Puts descriptions below their terms where they would be too narrow beside them. */
const formatItem: Help['formatItem'] = (term, termWidth, description, helper) => {
  const width = helper.helpWidth ?? 80;
  if (width - termWidth - 4 >= NARROW)
    return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
  return `  ${term}\n${helper.boxWrap(description, width - 6).replaceAll(/^/gm, '      ')}`;
};

// Commander removes them where the output has no colors.
const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
const cyan = (text: string): string => `\u001b[36m${text}\u001b[39m`;
