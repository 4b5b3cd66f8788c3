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
  /** Added to the environment; undefined variables are removed. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: Uint8Array;
  /** Sends SIGINT as soon as this returns true for the output so far. */
  readonly interruptWhen?: (stdout: string) => boolean;
}

/** Milliseconds after which a hanging command is killed, with no exit code. */
const TIME_LIMIT = 50_000;

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PROGRAM = join(ROOT, 'bin', 'decant.js');

/** Names OpenVINO, which may be in the usual cache folder. */
export const environment = { DECANT_OPENVINO: findOpenVino(), DECANT_CACHE: freshCache() };

export const decant = (args: readonly string[], options?: RunOptions): Promise<Outcome> =>
  run(process.execPath, [PROGRAM, ...args], options);

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
  let stdout = '';
  let stderr = '';
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

/** Parses the JSON on stdout; expects exit code 0 and an empty stderr. */
export function jsonOf({ code, stdout, stderr }: Outcome): unknown {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/**
 * Expects an exit code, and on stderr one error with `texts`, without a stack trace. Standard output is empty, or JSON that
 * names the same error.
 */
export function expectFailure({ code, stdout, stderr }: Outcome, exitCode: number, ...texts: readonly string[]): void {
  for (const text of texts) expect(stderr).toContain(text);
  expect(stderr).toMatch(/^decant: [^\n]+\n(?: {2}(?:where|try): [^\n]+\n)*$/);
  if (stdout !== '') {
    const { error } = JSON.parse(stdout) as { readonly error: { readonly message: string } };
    expect(stderr).toContain(error.message);
  }
  expect(code).toBe(exitCode);
}

/** Creates a folder and removes it after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'decant-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Lists all files below a folder, including hidden ones, as relative paths. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
