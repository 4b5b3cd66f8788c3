import { Command, CommanderError } from 'commander';
import { DecantError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { cacheCommand } from './commands/cache.ts';
import { convertCommand } from './commands/convert.ts';
import { detectCommand } from './commands/detect.ts';
import { devicesCommand } from './commands/devices.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downloadCommand } from './commands/download.ts';
import { dumpCommand } from './commands/dump.ts';
import { evalCommand } from './commands/eval.ts';
import { infoCommand } from './commands/info.ts';
import { setupCommand } from './commands/setup.ts';
import { verifyCommand } from './commands/verify.ts';
import { report } from './console.ts';
import { exitOnInterrupt } from './interrupt.ts';

/** All commands, in the order in which a new user meets them. */
const COMMANDS: readonly (() => Command)[] = [
  setupCommand,
  doctorCommand,
  devicesCommand,
  downloadCommand,
  detectCommand,
  convertCommand,
  verifyCommand,
  evalCommand,
  infoCommand,
  dumpCommand,
  cacheCommand,
];

function program(): Command {
  const decant = new Command('decant')
    .description('Pours a TensorFlow object detector into OpenVINO and finds objects in pictures with it.')
    .version(VERSION)
    .option('--debug', 'tell where in the code an error arose')
    .addHelpText(
      'after',
      `
Examples:
  $ decant setup                                    get OpenVINO, once
  $ decant detect model.json photo.jpg --save .     convert, find, draw
  $ decant convert model.tar.gz -o model.xml        write an OpenVINO IR
  $ decant info model.xml                           what goes in, what comes out`,
    );
  for (const command of COMMANDS) decant.addCommand(command());
  for (const command of decant.commands.flatMap(withCommands)) {
    command.option('--debug', 'tell where in the code an error arose');
  }
  return decant;
}

/** A command and all below it. */
const withCommands = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(withCommands)];

/** Runs one command line; the exit code is 0, 1 for what failed, 2 for a command line that cannot be right. */
export async function main(args: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads the output may stop reading (`| head`): that is no error of this command.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    const lost = new DecantError('io', `cannot write the output: ${error.message}`, { cause: error });
    process.exit(report(lost));
  });
  // Nobody is left to be told of it.
  process.stderr.on('error', () => undefined);
  exitOnInterrupt();
  const decant = program();
  for (const command of withCommands(decant)) command.exitOverride();
  try {
    await decant.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    process.exitCode = thrown instanceof CommanderError ? (thrown.exitCode === 0 ? 0 : 2) : report(thrown);
  }
}
