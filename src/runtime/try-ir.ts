import { spawn } from 'node:child_process';
import { DecantError } from '../errors.ts';
import { packagePath } from '../platform/package-path.ts';

/** Milliseconds for reading and compiling: the largest detectors take a few seconds. */
const TRIAL_LIMIT = 30_000;

const PROGRAM = 'bin/try-ir.js';

/**
 * Reads and compiles an IR in a process of its own.
 *
 * @throws DecantError `runtime-failed` if that process crashes or takes too long
 */
export async function tryIr(path: string, library: string, device: string): Promise<void> {
  const child = spawn(process.execPath, [packagePath(PROGRAM), library, path, device], {
    stdio: 'ignore',
    timeout: TRIAL_LIMIT,
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_code, name) => {
      resolve(name);
    });
  });
  // Any other failure has a message, which the attempt in this process shows.
  if (signal !== null) {
    throw new DecantError('runtime-failed', `OpenVINO crashed (${signal}) while loading ${path}`, {
      remedy: 'Write the IR again: it is damaged, or this release of OpenVINO does not support it.',
    });
  }
}
