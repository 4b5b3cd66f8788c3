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

/** Level of warnings, as pino counts. */
const WARN = 40;

/** Writes the log of a server: JSON lines, or in a terminal lines for people. */
export function logStream(): { write(line: string): void } {
  if (!process.stderr.isTTY) return process.stderr;
  const requests = new Map<string, string>();
  return {
    write(text) {
      const { level, time, msg = '', req, res, reqId = '', responseTime = 0, err } = JSON.parse(text) as LogLine;
      if (req !== undefined) requests.set(reqId, `${req.method} ${req.url}`);
      else if (res !== undefined) {
        const request = requests.get(reqId) ?? '';
        requests.delete(reqId);
        line(time, `${res.statusCode} ${request}  ${Math.round(responseTime)} ms`);
      } else if (level >= WARN || reqId !== '') line(time, err?.stack ?? msg);
    },
  };
}

function line(time: number, text: string): void {
  endStatus();
  logInfo(`${new Date(time).toLocaleTimeString()}  ${text}`);
}
