import { Command } from 'commander';

/** `decant help cache rm` prints what `decant cache rm --help` does. */
export const helpCommand = (): Command =>
  new Command('help')
    .argument('[command...]')
    .description('Print the help of a command.')
    .action((path: readonly string[], _: unknown, { parent }: Command) => help(parent!, path));

function help(command: Command, [name, ...rest]: readonly string[]): void {
  if (name === undefined) command.help();
  const found = command
    .createHelp()
    .visibleCommands(command)
    .find(each => each.name() === name);
  if (found === undefined) command.error(`error: unknown command '${name}'`, { code: 'commander.unknownCommand' });
  help(found, rest);
}
