import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Problem } from './problem.ts';
import type { Files } from './target.ts';

/** Bytes that an input may take. */
export const MEMORY_LIMIT = 1e9;
/** Processor time that an input may take, or time of the clock where the first cannot be measured. */
const SECONDS_LIMIT = 10;
/** A busy machine may leave a process without a processor for long. */
const WAIT_LIMIT = 120;
const INTERVAL = 200;
const HEAP_MEGABYTES = 1024;

/** Inputs to run: one given as files, or `count` made from a seed. */
export interface Task {
  readonly target: string;
  readonly files?: Files;
  readonly range?: { readonly seed: number; readonly first: number; readonly count: number };
}

export interface WatchOptions {
  /** The module of the child process; it sends `ready`, then the outcomes of each task. */
  readonly module?: string;
  readonly seconds?: number;
  readonly bytes?: number;
}

/** A child process that runs inputs. It is stopped when an input takes too much time or memory, and started anew. */
export class Watched {
  readonly #options: Required<WatchOptions>;
  #child: ChildProcess | undefined;
  #output = '';

  constructor({
    module = join(import.meta.dirname, 'child.mjs'),
    seconds = SECONDS_LIMIT,
    bytes = MEMORY_LIMIT,
  }: WatchOptions = {}) {
    this.#options = { module, seconds, bytes };
  }

  /** Returns the outcomes of all inputs in order, or of those up to the first problem that ended the process. */
  async run(task: Task): Promise<readonly Outcome[]> {
    const child = (this.#child ??= await this.#start());
    const outcomes: Outcome[] = [];
    const wanted = task.files === undefined ? task.range!.count : 1;
    return new Promise(resolve => {
      let start = usageOf(child);
      const finish = (problem?: Problem): void => {
        clearInterval(timer);
        child.removeAllListeners();
        if (problem !== undefined) {
          outcomes.push(problem);
          this.stop();
        }
        resolve(outcomes);
      };
      const timer = setInterval(() => {
        const problem = problemOf(start, usageOf(child), this.#options);
        if (problem !== undefined) finish(problem);
      }, INTERVAL);
      child.on('message', (outcome: Outcome) => {
        if (typeof outcome === 'object' && outcome.kind === 'memory') {
          finish(outcome);
          return;
        }
        outcomes.push(outcome);
        start = usageOf(child);
        if (outcomes.length === wanted) finish();
      });
      child.on('exit', (code, signal) => {
        const reason = signal ?? `exit code ${code ?? '?'}`;
        finish({ kind: 'crash', message: `${reason}\n${this.#output.slice(-500)}`, signature: `crash ${reason}` });
      });
      child.send(task);
    });
  }

  stop(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(this.#options.module, {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
      silent: true,
    });
    this.#output = '';
    const collect = (text: Buffer): void => void (this.#output = (this.#output + text.toString()).slice(-4000));
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const [started] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
    if (started !== 'ready') throw new Error(`the child process did not start: ${this.#output}`);
    return child;
  }
}

interface Usage {
  /** Processor time. */
  readonly seconds: number;
  /** Time of the clock. */
  readonly wait: number;
  readonly bytes: number;
}

function problemOf(start: Usage, now: Usage, limits: Required<WatchOptions>): Problem | undefined {
  const used = now.bytes - start.bytes;
  const late = now.seconds - start.seconds > limits.seconds || now.wait - start.wait > WAIT_LIMIT;
  if (late) return { kind: 'hang', message: `more than ${limits.seconds} s`, signature: 'hang' };
  if (used > limits.bytes) return { kind: 'memory', message: `${Math.round(used / 1e6)} MB`, signature: 'memory' };
  return undefined;
}

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Processor time and memory of a process so far; on systems without `/proc`, the time of the clock. */
function usageOf({ pid }: ChildProcess): Usage {
  const wait = performance.now() / 1000;
  try {
    // The second field, the name of the program, is in parentheses.
    const fields = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    return { seconds, wait, bytes: Number(fields[21]) * PAGE_BYTES };
  } catch {
    return { seconds: wait, wait, bytes: 0 };
  }
}
