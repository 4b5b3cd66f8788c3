/**
 * Numbers as protobuf's text and JSON forms write them.
 */

/** No 64-bit integer has more digits; turning longer ones into numbers would only take time. */
const MAX_DIGITS = 64;

/** `12`, `-0x1F`, `017` (octal). Undefined where the text is no integer. */
export function parseInteger(text: string): bigint | undefined {
  const match = /^(-?)(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(text);
  if (match === null || text.length > MAX_DIGITS) return undefined;
  const [, sign, digits = ''] = match;
  if (/^0[0-9]/.test(digits) && /[89]/.test(digits)) return undefined;
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  return sign === '-' ? -magnitude : magnitude;
}

/** `1.5e3`, `2f`, `inf`, `-Infinity`, `nan`. Undefined where the text is no number. */
export function parseReal(text: string): number | undefined {
  const special = /^(-?)(?:(inf|infinity)|nan)$/i.exec(text);
  if (special !== null) return special[2] === undefined ? NaN : special[1] === '-' ? -Infinity : Infinity;
  return /^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fF]?$/.test(text)
    ? Number(text.replace(/[fF]$/, ''))
    : undefined;
}
