import { connect } from 'node:net';
import { Random } from '../fuzz/random.ts';
import { type HostileRequest, hostileRequest, type Seeds } from './requests.ts';

export interface HostileRun {
  readonly port: number;
  readonly seed: string;
  readonly count: number;
  readonly seeds: Seeds;
  /** Called after each request with the number that are done. */
  readonly onDone?: (done: number) => void;
}

/** How often each status was the answer; 0 for none. */
export interface HostileResult {
  readonly statuses: ReadonlyMap<number, number>;
  /** Requests that were answered with 500: their number and kind. */
  readonly failures: readonly string[];
}

const CONCURRENCY = 16;

/** Milliseconds after which a client gives up, and for which it sends nothing. */
const PATIENCE = 60_000;
const STALL = 300;

/** Sends requests that are wrong in many ways, several at once. The same seed sends the same. */
export async function runHostile({ port, seed, count, seeds, onDone }: HostileRun): Promise<HostileResult> {
  const statuses = new Map<number, number>();
  const failures: string[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const number = next++;
      const request = hostileRequest(new Random(`${seed}/${number}`), seeds);
      const status = await send(port, request);
      statuses.set(status, 1 + (statuses.get(status) ?? 0));
      if (status === 500) failures.push(`${number} ${request.kind}`);
      onDone?.(++done);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { statuses, failures };
}

/** Returns the status of the answer; 0 if the connection was closed without one. */
function send(port: number, { bytes, then }: HostileRequest): Promise<number> {
  return new Promise(resolve => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes, () => {
        if (then === 'leave') socket.destroy();
        if (then === 'stall') setTimeout(() => socket.destroy(), STALL);
      });
    });
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.setEncoding('latin1').on('data', data => {
      if (answer.length < 100) answer += String(data);
    });
    // The server may close the connection while more is sent.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0)));
  });
}
