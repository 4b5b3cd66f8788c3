const encoder = new TextEncoder();
const BACKSLASH = 0x5c;

const LETTERS = new Map(
  Object.entries({ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "'": 39, '?': 63, '\\': BACKSLASH }).map(
    ([letter, byte]) => [letter.charCodeAt(0), byte],
  ),
);

/** Works in place, as no escape sequence is shorter than its result. */
export function unescapeBytes(bytes: Uint8Array, fail: (message: string) => never): Uint8Array {
  let to = 0;
  for (let from = 0; from < bytes.length;) {
    if (bytes[from] !== BACKSLASH) {
      bytes[to++] = bytes[from++]!;
      continue;
    }
    const code = bytes[from + 1]!;
    const letter = LETTERS.get(code);
    if (letter !== undefined) {
      bytes[to++] = letter;
      from += 2;
    } else if (code >= 0x30 && code <= 0x37) {
      const octal = readDigits(bytes, from + 1, 3, 8);
      bytes[to++] = octal.value;
      from += 1 + octal.count;
    } else if (code === 0x78 || code === 0x58 /* x, X */) {
      const hex = readDigits(bytes, from + 2, 2, 16);
      if (hex.count === 0) fail('\\x has no hexadecimal digits');
      bytes[to++] = hex.value;
      from += 2 + hex.count;
    } else {
      const point = readCodePoint(bytes, from);
      if (point === undefined) fail(`\\${String.fromCharCode(code)} is not a valid escape sequence`);
      to += encoder.encodeInto(String.fromCodePoint(point.value), bytes.subarray(to)).written;
      from += point.count;
    }
  }
  return bytes.subarray(0, to);
}

interface Read {
  readonly value: number;
  readonly count: number;
}

function readCodePoint(bytes: Uint8Array, at: number): Read | undefined {
  const first = readUnicode(bytes, at);
  if (first === undefined || !isSurrogate(first.value)) return first;
  const second = readUnicode(bytes, at + first.count);
  if (second === undefined || first.value >= 0xdc00 || second.value < 0xdc00 || second.value > 0xdfff) return undefined;
  return {
    value: 0x10000 + ((first.value - 0xd800) << 10) + (second.value - 0xdc00),
    count: first.count + second.count,
  };
}

const UNICODE_DIGITS = new Map([
  [0x75, 4],
  [0x55, 8],
]);

function readUnicode(bytes: Uint8Array, at: number): Read | undefined {
  const width = UNICODE_DIGITS.get(bytes[at + 1]!) ?? 0;
  const { value, count } = readDigits(bytes, at + 2, width, 16);
  return bytes[at] === BACKSLASH && width > 0 && count === width && value <= 0x10ffff
    ? { value, count: width + 2 }
    : undefined;
}

const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff;

function readDigits(bytes: Uint8Array, at: number, maxDigits: number, base: number): Read {
  let value = 0;
  let count = 0;
  while (count < maxDigits && digitOf(bytes[at + count]) < base) value = value * base + digitOf(bytes[at + count++]);
  return { value, count };
}

function digitOf(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : Infinity;
}
