import { endStatus, logInfo } from '../console.ts';

interface LogLine {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly req?: { readonly method: string; readonly url: string; readonly remoteAddress?: string };
  readonly res?: { readonly statusCode: number };
  readonly reqId?: string;
  readonly responseTime?: number;
  readonly err?: { readonly message: string; readonly stack?: string };
}

/** Status of an answer that opened a stream. */
const SWITCHED = 101;

/** Levels, as pino counts. */
const INFO = 30;
const WARN = 40;
const ERROR = 50;

/** Writes the log of a server: JSON lines, or in a terminal lines for people. */
export function logStream(): { write(line: string): void } {
  if (!process.stderr.isTTY) return process.stderr;
  return {
    write(text) {
      const { level, time, msg = '', req, res, reqId = '', responseTime = 0, err } = JSON.parse(text) as LogLine;
      if (req !== undefined) {
        const status = res?.statusCode ?? SWITCHED;
        line(time, `${status} ${req.method} ${req.url}  ${Math.round(responseTime)} ms`);
      } else if (level >= WARN || reqId !== '') line(time, err?.stack ?? msg);
    },
  };
}

function line(time: number, text: string): void {
  endStatus();
  logInfo(`${new Date(time).toLocaleTimeString()}  ${text}`);
}

/** Adds what is not an answer to a request to the log. */
export function logEvent(text: string, isError = false): void {
  if (process.stderr.isTTY) logInfo(text);
  else {
    const line: LogLine = { level: isError ? ERROR : INFO, time: Date.now(), msg: text };
    process.stderr.write(`${JSON.stringify(line)}\n`);
  }
}
