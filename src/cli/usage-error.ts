import type { Command, CommanderError } from 'commander';
import { DecantError } from '../errors.ts';
import { nearestHint } from '../nearest-names.ts';
import { otherOption } from './other-options.ts';

/** Returns commander's refusal of a command line as an error with a remedy. */
export function usageError(command: Command, { code, message }: CommanderError): DecantError {
  // Its messages begin with `error: ` and quote what is wrong.
  const text = code === 'commander.help' ? 'no command is named' : message.replace(/^error: /, '');
  const remedy = remedyOf(command, code, /'([^'=]*)/.exec(message)?.[1] ?? '');
  return new DecantError('invalid-argument', text, remedy === undefined ? {} : { remedy });
}

function remedyOf(command: Command, code: string, wrong: string): string | undefined {
  const help = command.createHelp();
  const seeHelp = `See \`${[...names(command), '--help'].join(' ')}\`.`;
  switch (code) {
    case 'commander.unknownOption': {
      const instead = otherOption(wrong, command);
      if (instead !== undefined) return `Use ${instead}.`;
      return (
        nearestHint(
          wrong,
          help.visibleOptions(command).flatMap(({ long }) => long ?? []),
        ) + seeHelp
      );
    }
    case 'commander.unknownCommand':
      return (
        nearestHint(
          wrong,
          help.visibleCommands(command).map(each => each.name()),
        ) + seeHelp
      );
    case 'commander.missingArgument':
    case 'commander.excessArguments':
    case 'commander.missingMandatoryOptionValue':
      return `Write \`${help.commandUsage(command)}\`. ${seeHelp}`;
    case 'commander.help':
      return undefined;
    default:
      return seeHelp;
  }
}

/** `['decant', 'cache', 'rm']`. */
const names = (command: Command): readonly string[] =>
  command.parent === null ? [command.name()] : [...names(command.parent), command.name()];
