import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** `MACHINE-PID-START-RANDOM`, in the names of files that belong to a process. */
export const TOKEN = /([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}/;

/** `elsewhere`: on another machine or in another container, whose processes are not visible here. */
export type OwnerState = 'alive' | 'dead' | 'elsewhere';

/** Process ids are unique only inside a namespace, and containers may share a host name. */
const MACHINE = createHash('sha256').update(`${hostname()} ${pidNamespace()}`).digest('hex').slice(0, 8);

/** Returns a name for a file of this process that no other process uses. */
export const newToken = (): string =>
  `${MACHINE}-${process.pid}-${startOf(process.pid)}-${randomBytes(4).toString('hex')}`;

/** Returns the state of the process that a token in `text` belongs to; undefined without a token. */
export function ownerIn(text: string): OwnerState | undefined {
  const [, machine, pid, start] = TOKEN.exec(text) ?? [];
  if (machine === undefined) return undefined;
  if (machine !== MACHINE) return 'elsewhere';
  return isRunning(Number(pid)) && startOf(Number(pid)) === start ? 'alive' : 'dead';
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it is running as another user.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Returns the start of a process, which tells it from a later one of the same id: clock ticks since boot, 0 if unknown. */
function startOf(pid: number): string {
  try {
    // The program's name, in parentheses, may contain spaces. The start is field 22.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
    // A zombie has ended.
    return fields[0] === 'Z' ? '' : (fields[19] ?? '0');
  } catch {
    return '0';
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
