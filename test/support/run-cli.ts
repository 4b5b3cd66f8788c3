import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { findOpenVino } from '../../src/openvino/location.ts';
import { freshCache } from './fresh-cache.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment; what is undefined is taken away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the program reads from its standard input; nothing by default. */
  readonly input?: Uint8Array;
  /** Presses Ctrl-C as soon as what was printed says so. */
  readonly interruptWhen?: (stdout: string) => boolean;
}

/** Longer than any command of a test takes on a busy machine: a command that hangs is ended, and has no exit code. */
const TIME_LIMIT = 50_000;

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PROGRAM = join(ROOT, 'bin', 'decant.js');

/** OpenVINO is named, because it may lie in the cache that a test file does without. */
const environment = { DECANT_OPENVINO: findOpenVino(), DECANT_CACHE: freshCache() };

/** Runs `decant` as a user does. */
export const decant = (args: readonly string[], options?: RunOptions): Promise<Outcome> =>
  run(process.execPath, [PROGRAM, ...args], options);

/** Runs a program that runs `decant`. */
export function run(
  command: string,
  args: readonly string[],
  { cwd = ROOT, env, input, interruptWhen }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...environment, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: TIME_LIMIT,
  });
  let [stdout, stderr] = ['', ''];
  child.stdin?.end(input);
  let interrupted = false;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (!interrupted && interruptWhen?.(stdout) === true) interrupted = child.kill('SIGINT');
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}

/** What the command printed as JSON; it must have done nothing but that. */
export function jsonOf({ code, stdout, stderr }: Outcome): unknown {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** The command failed as commands do: no result, one message, a remedy where one is expected, and no stack trace. */
export function expectFailure({ code, stdout, stderr }: Outcome, exitCode: number, ...says: readonly string[]): void {
  for (const words of says) expect(stderr).toContain(words);
  expect(stderr).toMatch(/^decant: [^\n]+\n(?: {2}(?:where|try): [^\n]+\n)*$/);
  expect(stdout).toBe('');
  expect(code).toBe(exitCode);
}

/** A folder for the time of a test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'decant-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** All files below a folder, hidden ones too. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
