/** Partitioned tensors: which part of the whole one is, and the keys under which checkpoints store the parts. */

/** A part along one axis; -1 is all of it. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

/** The key of a part of the tensor `name`, one character a byte, in the order-preserving code that TensorFlow uses. */
export const sliceKey = (name: string, extents: readonly Extent[]): string =>
  orderedNumber(0) +
  orderedString(name) +
  orderedNumber(extents.length) +
  extents.map(({ start, length }) => orderedSigned(start) + orderedSigned(length)).join('');

/** The number of bytes, then the bytes, the highest first. */
function orderedNumber(value: number): string {
  let bytes = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes = String.fromCharCode(rest % 256) + bytes;
  return String.fromCharCode(bytes.length) + bytes;
}

/** Bytes 0 and 255 are escaped, because 0 1 ends the text. */
const orderedString = (text: string): string =>
  `${text.replaceAll('\0', '\0\u00ff').replaceAll('\u00ff', '\u00ff\0')}\0\u0001`;

/** As few bytes as hold the number and, in the leading bits, their count: n bytes hold 7n - 1 bits and the sign. */
function orderedSigned(value: number): string {
  let count = 1;
  while (value < -(2 ** (7 * count - 1)) || value >= 2 ** (7 * count - 1)) count++;
  const bits = BigInt.asUintN(8 * count, BigInt(value)) ^ (((1n << BigInt(count)) - 1n) << BigInt(7 * count));
  let bytes = '';
  for (let i = count - 1; i >= 0; i--) bytes += String.fromCharCode(Number((bits >> BigInt(8 * i)) & 0xffn));
  return bytes;
}

/** A part as a RestoreV2 names it: `10 4 0,5:-`, the whole shape and then start,length (or `-` for all) of each axis. */
export function parseSliceSpec(spec: string): readonly Extent[] | undefined {
  const part = spec.trim().split(' ').at(-1);
  if (part === undefined || part === '') return undefined;
  return part.split(':').map(axis => {
    const [start, length] = axis === '-' ? [0, -1] : axis.split(',').map(Number);
    return { start: start ?? 0, length: length ?? -1 };
  });
}
