/** Bounds the parsing time; 64-bit integers have fewer digits. */
const MAX_DIGITS = 64;

export function parseInteger(text: string): bigint | undefined {
  const match = /^(-?)(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(text);
  if (match === null || text.length > MAX_DIGITS) return undefined;
  const [, sign, digits = ''] = match;
  if (/^0[0-9]/.test(digits) && /[89]/.test(digits)) return undefined;
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  return sign === '-' ? -magnitude : magnitude;
}

export function parseReal(text: string): number | undefined {
  const special = /^(-?)(?:(inf|infinity)|nan)$/i.exec(text);
  if (special !== null) {
    if (special[2] === undefined) return NaN;
    return special[1] === '-' ? -Infinity : Infinity;
  }
  return /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fF]?$/.test(text)
    ? Number(text.replace(/[fF]$/, ''))
    : undefined;
}
