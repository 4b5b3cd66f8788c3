import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { guard } from '../platform/exit-cleanup.ts';

export interface FfmpegProcessOptions {
  readonly onMessage?: ((text: string) => void) | undefined;
  /** Its standard input: a stream that is sent to it, or true for what `send` is given. */
  readonly input?: boolean | Readable | undefined;
}

/** Message prefix with `-loglevel level+...`. */
const PREFIX = /^(?:\[[^\]]* @ [^\]]*\] )*\[(\w+)\] ?/;

/** Messages after an error that are not the reason. */
const HINT = /^(?:To ignore this, |Conversion failed!|Last message repeated )/;

/**
 * A process of ffmpeg or ffprobe, run with `-loglevel level+...`. It is killed when this process exits. Ctrl-C in the terminal
 * does not reach it, so that it can finish its output file.
 */
export class FfmpegProcess {
  readonly output: Readable;
  /** Resolves to the exit code after all messages; undefined if it was killed or could not start. */
  readonly ended: Promise<number | undefined>;
  readonly #child: ChildProcess;
  #lastError: string | undefined;
  #running = true;

  constructor(program: string, args: readonly string[], { onMessage, input = false }: FfmpegProcessOptions = {}) {
    const child = spawn(program, args, {
      stdio: [input === false ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // Its own process group, out of reach of Ctrl-C; on Windows that would open a console window.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.output = child.stdout!;
    const release = guard(() => child.kill('SIGKILL'));
    // A closed pipe is reported by `ended`.
    child.stdin?.on('error', () => undefined);
    if (typeof input === 'object') {
      input.on('error', () => child.stdin!.end()).pipe(child.stdin!);
      child.on('close', () => input.destroy());
    }
    let rest = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) this.#read(line, onMessage);
    });
    const stderrClosed = once(child.stderr!, 'close');
    const exit = new Promise<number | undefined>(resolve => {
      child.on('exit', code => resolve(code ?? undefined));
      child.on('error', ({ message }) => {
        this.#lastError = message;
        resolve(undefined);
      });
    });
    this.ended = exit.then(async code => {
      this.#running = false;
      release();
      await stderrClosed;
      return code;
    });
  }

  #read(line: string, onMessage: ((text: string) => void) | undefined): void {
    const [prefix = '', level = 'error'] = PREFIX.exec(line) ?? [];
    const text = line.slice(prefix.length).trim();
    if (!/^(?:error|fatal|panic)$/.test(level)) onMessage?.(text);
    else if (text !== '' && !HINT.test(text)) this.#lastError = text.replaceAll(/\bfile:(?!\/\/)/g, '');
  }

  get running(): boolean {
    return this.#running;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  async send(bytes: Uint8Array): Promise<void> {
    const input = this.#child.stdin;
    if (input === null || !this.#running || input.write(bytes)) return;
    await Promise.race([once(input, 'drain').catch(() => undefined), this.ended]);
  }

  endInput(): void {
    this.#child.stdin?.end();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async close(): Promise<void> {
    this.kill();
    this.output.destroy();
    await this.ended;
  }
}
