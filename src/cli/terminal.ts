const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], cyan: [36, 39] } as const;

export type Style = keyof typeof STYLES;

const isSet = (name: string): boolean => !['', undefined].includes(process.env[name]);

/** Whether lines can be redrawn: not in files, logs of CI and dumb terminals. */
export const canRedraw = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY && process.env['TERM'] !== 'dumb' && !isSet('CI');

/** `hasColors` knows NO_COLOR, FORCE_COLOR and TERM. */
const hasColors = (stream: NodeJS.WriteStream): boolean => stream.isTTY && stream.hasColors();

/** Returns the text in a style if the stream shows it. */
export function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  const [on, off] = STYLES[style];
  return hasColors(stream) ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}

/** Characters. */
const BAR_WIDTH = 24;

/** `━━━━━━────  45 %`; `share` is from 0 to 1. */
export function progressBar(stream: NodeJS.WriteStream, share: number): string {
  const [full, empty] = hasUnicode() ? ['━', '─'] : ['#', '.'];
  const done = Math.round(BAR_WIDTH * Math.min(1, Math.max(0, share)));
  const percent = `${Math.floor(100 * share)} %`.padStart(5);
  return `${paint(stream, 'cyan', full.repeat(done))}${paint(stream, 'dim', empty.repeat(BAR_WIDTH - done))} ${percent}`;
}

/** Characters of a bar with its percentage. */
export const BAR_LENGTH = BAR_WIDTH + 6;

function hasUnicode(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find(name => name !== undefined && name !== '') ?? '';
  return process.platform !== 'linux' || /utf-?8/i.test(locale);
}
