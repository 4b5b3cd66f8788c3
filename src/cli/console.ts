import { asDecantError } from '../errors.ts';
import { JSON_HEAD } from '../results/json-head.ts';
import { BAR_LENGTH, canRedraw, paint, progressBar } from './terminal.ts';
import { verbosity } from './verbosity.ts';
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

/** Prints text of our own unchanged. */
export const printScript = (text: string): void => {
  process.stdout.write(text);
};

/** Prints text that is printable already, with styles. */
export const printStyled = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Prints what users want to know to standard error, unless they want quiet. */
export const logInfo = (text: string): void => {
  if (verbosity() !== 'quiet') process.stderr.write(`${printableLines(text)}\n`);
};

/** Prints a detail to standard error, if --verbose asks for it. */
export const logDetail = (text: string): void => {
  if (verbosity() === 'verbose') process.stderr.write(`${printableLines(text)}\n`);
};

/** Prints an object after the fields that all JSON of decant has. */
export const printJson = (value: object): void => {
  process.stdout.write(`${jsonText({ ...JSON_HEAD, ...value }, 2)}\n`);
};

const showsStatus = (): boolean => verbosity() !== 'quiet' && canRedraw(process.stderr);

/**
 * Replaces the previous status; only in a terminal.
 *
 * @param share of the work that is done, 0..1, as a bar before the text
 */
export function status(text: string, share?: number): void {
  if (!showsStatus()) return;
  const bar = share === undefined ? '' : `${progressBar(process.stderr, share)}  `;
  const room = (process.stderr.columns || 80) - 1 - (share === undefined ? 0 : BAR_LENGTH + 2);
  process.stderr.write(`\r\u001b[K${bar}${printable(text).slice(0, Math.max(0, room))}`);
}

export function endStatus(): void {
  if (showsStatus()) process.stderr.write('\r\u001b[K');
}

/** A bar, or the bytes done if the total is unknown. */
export function progress(text: string, done: number, total: number | undefined): void {
  if (total === undefined || total === 0) status(`${text}  ${fileSize(done)}`);
  else status(text, done / total);
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
  const lines = [`${paint(process.stderr, 'red', 'decant:')} ${printable(error.message)}`];
  if (error.where.length > 0)
    lines.push(`  ${paint(process.stderr, 'dim', 'where:')} ${printable(error.where.join(', '))}`);
  if (error.remedy !== undefined) lines.push(`  ${paint(process.stderr, 'green', 'try:')} ${printable(error.remedy)}`);
  if (process.argv.includes('--debug')) lines.push(printableLines(`  code: ${error.code}\n${stackOf(error)}`));
  process.stderr.write(`${lines.join('\n')}\n`);
  return error.code === 'invalid-argument' ? 2 : 1;
}

/** Says that a signal ended the command, and what the user may do. */
export function reportInterruption(remedy: string | undefined): void {
  const advice = remedy === undefined ? '' : `. ${remedy}`;
  process.stderr.write(`${paint(process.stderr, 'red', 'decant:')} interrupted${advice}\n`);
}

function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
