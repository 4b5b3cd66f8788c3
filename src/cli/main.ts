import { Command, CommanderError } from 'commander';
import { asDecantError, DecantError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { benchCommand } from './commands/bench.ts';
import { cacheCommand } from './commands/cache.ts';
import { convertCommand } from './commands/convert.ts';
import { detectCommand } from './commands/detect.ts';
import { devicesCommand } from './commands/devices.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downloadCommand } from './commands/download.ts';
import { dumpCommand } from './commands/dump.ts';
import { evalCommand } from './commands/eval.ts';
import { exportCommand } from './commands/export.ts';
import { infoCommand } from './commands/info.ts';
import { serveCommand } from './commands/serve.ts';
import { quantizeCommand } from './commands/quantize.ts';
import { setupCommand } from './commands/setup.ts';
import { verifyCommand } from './commands/verify.ts';
import { printableLines, reportError } from './console.ts';
import { jsonFormatOf, printFailure } from './print-failure.ts';
import { exitOnInterrupt } from './interrupt.ts';

/** In the order in which a new user meets them. */
const COMMANDS: readonly (() => Command)[] = [
  setupCommand,
  doctorCommand,
  devicesCommand,
  downloadCommand,
  detectCommand,
  serveCommand,
  convertCommand,
  quantizeCommand,
  exportCommand,
  verifyCommand,
  evalCommand,
  benchCommand,
  infoCommand,
  dumpCommand,
  cacheCommand,
];

const DEBUG = 'print the error code and stack trace on failure';

function program(): Command {
  const decant = new Command('decant')
    .description(
      'Converts TensorFlow object detectors to OpenVINO IR and detects objects in images and videos with them.',
    )
    .version(VERSION)
    .option('--debug', DEBUG)
    .addHelpText(
      'after',
      `
Examples:
  $ decant setup                                    install OpenVINO, once
  $ decant detect model.json photo.jpg --save .     convert, detect, draw
  $ decant convert model.tar.gz -o model.xml        write an OpenVINO IR
  $ decant info model.xml                           inputs, outputs and ops`,
    );
  for (const command of COMMANDS) decant.addCommand(command());
  for (const command of decant.commands.flatMap(withCommands)) {
    command.option('--debug', DEBUG);
  }
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
  let format: string | undefined = args.includes('--json') ? 'json' : undefined;
  decant.hook('preAction', (_, command) => {
    format = jsonFormatOf(command.opts());
    checkWorkingFolder();
  });
  for (const command of withCommands(decant)) {
    command.exitOverride().configureOutput({
      // Its errors quote arguments.
      writeErr: text => process.stderr.write(printableLines(text)),
    });
  }
  try {
    await decant.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    process.exitCode = exitCodeOf(thrown);
    if (process.exitCode !== 0) printFailure(asFailure(thrown), format);
  }
}

function checkWorkingFolder(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new DecantError('not-found', 'the working folder does not exist any more', {
      remedy: 'Change to another folder.',
      cause,
    });
  }
}

/** Commander's messages begin with `error: `. */
const asFailure = (thrown: unknown): DecantError =>
  thrown instanceof CommanderError
    ? new DecantError('invalid-argument', thrown.message.replace(/^error: /, ''), { cause: thrown })
    : asDecantError(thrown);

function exitCodeOf(thrown: unknown): number {
  if (!(thrown instanceof CommanderError)) return reportError(thrown);
  // Commander has printed its message. Code 0 is that of --help and --version.
  return thrown.exitCode === 0 ? 0 : 2;
}
