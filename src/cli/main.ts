import { Command, CommanderError } from 'commander';
import { asDecantError, DecantError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { COMMAND_GROUPS } from './command-groups.ts';
import { reportError } from './console.ts';
import { withGeneralOptions } from './general-options.ts';
import { jsonFormatOf, printFailure } from './print-failure.ts';
import { otherWords } from './other-words.ts';
import { setVerbosity } from './verbosity.ts';
import { exitOnInterrupt } from './interrupt.ts';
import { helpCommand } from './help-command.ts';
import { usageError } from './usage-error.ts';

function program(): Command {
  const decant = new Command('decant')
    .description(
      'Converts TensorFlow object detectors to OpenVINO IR and detects objects in images and videos with them.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  $ decant setup                                    install OpenVINO, once
  $ decant detect model.json photo.jpg --save .     convert, detect, draw
  $ decant convert model.tar.gz -o model.xml        write an OpenVINO IR
  $ decant info model.xml                           inputs, outputs and ops`,
    );
  for (const [heading, commands] of Object.entries(COMMAND_GROUPS)) {
    for (const command of commands) decant.addCommand(command().helpGroup(heading));
  }
  decant.addCommand(helpCommand().helpGroup('Housekeeping:'));
  const known = new Set(decant.commands.map(command => command.name()));
  for (const command of withCommands(decant)) withGeneralOptions(command);
  for (const command of otherWords(known)) decant.addCommand(command, { hidden: true });
  return decant;
}

const withCommands = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(withCommands)];

/** Sets the exit code to 1 if the command fails, or 2 if the command line is invalid. */
export async function main(args: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that stops early, like `| head`, is not an error.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    const failure = new DecantError('io', `cannot write to standard output: ${error.message}`, { cause: error });
    process.exit(reportError(failure));
  });
  // There is nowhere left to report it.
  process.stderr.on('error', () => undefined);
  exitOnInterrupt();
  const decant = program();
  // Until options are parsed, and if they cannot be.
  let format = formatIn(args);
  decant.hook('preAction', (_, command) => {
    format = jsonFormatOf(command.opts());
    setVerbosity(command.optsWithGlobals());
    checkWorkingFolder();
  });
  for (const command of withCommands(decant)) {
    command
      .showSuggestionAfterError(false)
      .configureOutput({ outputError: () => undefined, getErrHasColors: () => false })
      .exitOverride(error => {
        // Code 0 is that of --help and --version.
        throw error.exitCode === 0 ? error : usageError(command, error);
      });
  }
  try {
    await decant.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) return;
    process.exitCode = reportError(thrown);
    printFailure(asDecantError(thrown), format);
  }
}

/** The format that a command line asks for, even if it is not valid. */
function formatIn(args: readonly string[]): string | undefined {
  const at = args.findIndex(arg => /^--format(?:=|$)/.test(arg));
  if (at !== -1) return /=(.*)/.exec(args[at]!)?.[1] ?? args[at + 1];
  return args.includes('--json') ? 'json' : undefined;
}

function checkWorkingFolder(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new DecantError('not-found', 'the working folder no longer exists', {
      remedy: 'Change to another folder.',
      cause,
    });
  }
}
