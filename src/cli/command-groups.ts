import type { Command } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { cacheCommand } from './commands/cache.ts';
import { completionCommand } from './commands/completion.ts';
import { convertCommand } from './commands/convert.ts';
import { detectCommand } from './commands/detect.ts';
import { devicesCommand } from './commands/devices.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downloadCommand } from './commands/download.ts';
import { dumpCommand } from './commands/dump.ts';
import { enqueueCommand } from './commands/enqueue.ts';
import { evalCommand } from './commands/eval.ts';
import { exportCommand } from './commands/export.ts';
import { infoCommand } from './commands/info.ts';
import { quantizeCommand } from './commands/quantize.ts';
import { serveCommand } from './commands/serve.ts';
import { setupCommand } from './commands/setup.ts';
import { verifyCommand } from './commands/verify.ts';
import { workerCommand } from './commands/worker.ts';

/** By the headings of `decant --help`, in the order in which a new user meets them. */
export const COMMAND_GROUPS: Readonly<Record<string, readonly (() => Command)[]>> = {
  'Set up:': [setupCommand, doctorCommand, devicesCommand, downloadCommand],
  'Detect and convert:': [detectCommand, convertCommand, quantizeCommand],
  'Serve and scale:': [serveCommand, enqueueCommand, workerCommand, exportCommand],
  'Check and measure:': [verifyCommand, evalCommand, benchCommand],
  'Look inside:': [infoCommand, dumpCommand],
  'Housekeeping:': [cacheCommand, completionCommand],
};
