import { asDecantError } from '../errors.ts';
import { JSON_HEAD } from '../results/json-head.ts';
import { jsonText } from '../results/result-part.ts';

/** Control characters, and those that break or reorder lines. */
const CONTROL = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/** Returns one line without control characters, which names and quotes from files and servers may contain. */
export const printable = (text: string): string => text.replaceAll(CONTROL, '?').replaceAll('\ufffd', '?');

/** Like `printable`, but keeps tabs and newlines. All text for a terminal passes through it. */
export const printableLines = (text: string): string =>
  text.replaceAll(CONTROL, character => (character === '\n' || character === '\t' ? character : '?'));

export const print = (text: string): void => {
  process.stdout.write(`${printableLines(text)}\n`);
};

export const logInfo = (text: string): void => {
  process.stderr.write(`${printableLines(text)}\n`);
};

/** Prints an object after the fields that all JSON of decant has. */
export const printJson = (value: object): void => {
  process.stdout.write(`${jsonText({ ...JSON_HEAD, ...value }, 2)}\n`);
};

const onTerminal = (): boolean => process.stderr.isTTY;

/** Replaces the previous status; only in a terminal. */
export function status(text: string): void {
  if (onTerminal()) process.stderr.write(`\r\u001b[K${printable(text).slice(0, (process.stderr.columns || 80) - 1)}`);
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

export function table(raw: readonly (readonly (string | number)[])[], indent = '  '): string {
  const rows = raw.map(cells => cells.map(cell => (typeof cell === 'string' ? printable(cell) : cell)));
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

function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
