import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { guard } from '../platform/exit-cleanup.ts';

export interface FfmpegProcessOptions {
  /** Called with each message that is no error, without what stands before it. */
  readonly onMessage?: ((text: string) => void) | undefined;
  /** Whether bytes are sent to it. */
  readonly input?: boolean | undefined;
}

/** What ffmpeg prints before its messages with `-loglevel level+...`. */
const PREFIX = /^(?:\[[^\]]* @ [^\]]*\] )*\[(\w+)\] ?/;

/** Hints that stand behind an error, and do not say what is wrong. */
const HINT = /^(?:To ignore this, |Conversion failed!|Last message repeated )/;

/**
 * A run of ffmpeg or ffprobe, with `-loglevel level+...`. It is ended with this process; a Ctrl-C on the terminal does not
 * reach it, so that a file which it writes can be finished.
 */
export class FfmpegProcess {
  readonly output: Readable;
  /** The exit code, once it ended and its messages were read; undefined where it was ended from here, or cannot be run. */
  readonly ended: Promise<number | undefined>;
  readonly #child: ChildProcess;
  #lastError: string | undefined;
  #running = true;

  constructor(program: string, args: readonly string[], { onMessage, input = false }: FfmpegProcessOptions = {}) {
    const child = spawn(program, args, {
      stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      // A group of its own on the terminal; Windows would open a window for it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.output = child.stdout!;
    const release = guard(() => child.kill('SIGKILL'));
    // Its end tells why it takes no more.
    child.stdin?.on('error', () => undefined);
    let rest = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) this.#read(line, onMessage);
    });
    const silent = once(child.stderr!, 'close');
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
      await silent;
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

  /** The last error that it printed. */
  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** Sends bytes, and waits until there is room for more, or until it ended. */
  async send(bytes: Uint8Array): Promise<void> {
    const input = this.#child.stdin;
    if (input === null || !this.#running || input.write(bytes)) return;
    await Promise.race([once(input, 'drain').catch(() => undefined), this.ended]);
  }

  /** Tells it that nothing more is sent. */
  endInput(): void {
    this.#child.stdin?.end();
  }

  /** Ends it at once; what it printed before can be read still. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends it, and waits until nothing is left of it. */
  async close(): Promise<void> {
    this.kill();
    this.output.destroy();
    await this.ended;
  }
}
