import { asDecantError } from '../errors.ts';

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

export const logInfo = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

export const printJson = (value: unknown): void => {
  print(JSON.stringify(value, undefined, 2));
};

const onTerminal = (): boolean => process.stderr.isTTY;

/** Replaces the previous status; only in a terminal. */
export function status(text: string): void {
  if (onTerminal()) process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
}

export function endStatus(): void {
  if (onTerminal()) process.stderr.write('\r\u001b[K');
}

/** `text  45 %`, or the bytes done if the total is unknown. */
export function progress(text: string, done: number, total: number | undefined): void {
  const share = total === undefined || total === 0 ? fileSize(done) : `${Math.floor((100 * done) / total)} %`;
  status(`${text}  ${share}`);
}

export const fileSize = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

export const milliseconds = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;

export function table(rows: readonly (readonly (string | number)[])[], indent = '  '): string {
  const widths = rows.reduce<number[]>((most, row) => {
    row.forEach((cell, i) => (most[i] = Math.max(most[i] ?? 0, String(cell).length)));
    return most;
  }, []);
  const pad = (cell: string | number, i: number): string =>
    typeof cell === 'number' ? String(cell).padStart(widths[i]!) : cell.padEnd(widths[i]!);
  return rows.map(row => `${indent}${row.map(pad).join('  ').trimEnd()}`).join('\n');
}

export function reportError(thrown: unknown): number {
  const error = asDecantError(thrown);
  endStatus();
  logInfo(`decant: ${printable(error.message)}`);
  if (error.where.length > 0) logInfo(`  where: ${printable(error.where.join(', '))}`);
  if (error.remedy !== undefined) logInfo(`  try: ${printable(error.remedy)}`);
  if (process.argv.includes('--debug')) logInfo(`  code: ${error.code}\n${stackOf(error)}`);
  return error.code === 'invalid-argument' ? 2 : 1;
}

/** Names and quotes from files may contain control characters. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\uFFFD]+/gu, '?');

function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
