import { DecantError } from '../../errors.ts';
import { sizeOf } from '../../tensor/tensor.ts';

/** Partitioned tensors: which part of the whole one is, and the keys under which checkpoints store the parts. */

/** A part along one axis; -1 is all of it. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

/** Where a part stands in the whole tensor. */
export interface Block {
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
}

/** TensorFlow splits a variable over the machines that train it: some dozens. Each two parts are compared. */
const MOST_PARTS = 4096;

/** @throws DecantError `malformed` when the part is not inside of `shape` */
export function blockOf(extents: readonly Extent[], shape: readonly number[], what: string): Block {
  const starts = extents.map(({ start }) => start);
  const lengths = extents.map(({ length }, axis) => (length < 0 ? (shape[axis] ?? 0) : length));
  const isInside = shape.every((size, axis) => starts[axis]! >= 0 && starts[axis]! + lengths[axis]! <= size);
  if (extents.length !== shape.length || !isInside) {
    throw new DecantError('malformed', `a part of ${what} does not lie inside of [${shape.join(',')}]`);
  }
  return { starts, lengths };
}

/** @throws DecantError `malformed` unless the parts, each inside of `shape`, are the whole of it and do not overlap */
export function checkParts(parts: readonly Block[], shape: readonly number[], what: string): void {
  const filled = parts.reduce((sum, { lengths }) => sum + sizeOf(lengths), 0);
  const overlap = (a: Block, b: Block): boolean =>
    shape.every(
      (_, axis) =>
        a.starts[axis]! < b.starts[axis]! + b.lengths[axis]! && b.starts[axis]! < a.starts[axis]! + a.lengths[axis]!,
    );
  if (parts.length > MOST_PARTS) throw new DecantError('limit', `${what} has more than ${MOST_PARTS} parts`);
  if (filled !== sizeOf(shape) || parts.some((a, i) => parts.slice(0, i).some(b => overlap(a, b)))) {
    throw new DecantError('malformed', `the parts of ${what} do not make up [${shape.join(',')}]`);
  }
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
  `${text.replaceAll(/[\0\u00ff]/g, byte => (byte === '\0' ? '\0\u00ff' : '\u00ff\0'))}\0\u0001`;

/** As few bytes as hold the number and, in the leading bits, their count: n bytes hold 7n - 1 bits and the sign. */
function orderedSigned(value: number): string {
  let count = 1;
  while (value < -(2 ** (7 * count - 1)) || value >= 2 ** (7 * count - 1)) count++;
  const bits = BigInt.asUintN(8 * count, BigInt(value)) ^ (((1n << BigInt(count)) - 1n) << BigInt(7 * count));
  let bytes = '';
  for (let i = count - 1; i >= 0; i--) bytes += String.fromCharCode(Number((bits >> BigInt(8 * i)) & 0xffn));
  return bytes;
}

/**
 * A part as a RestoreV2 names it: `10 4 0,5:-`, the whole shape and then start,length (or `-` for all) of each axis.
 * Undefined for a tensor that is restored as a whole.
 * @throws DecantError `malformed`
 */
export function parseSliceSpec(spec: string): readonly Extent[] | undefined {
  const part = spec.trim().split(' ').at(-1);
  if (part === undefined || part === '') return undefined;
  return part.split(':').map(axis => {
    if (axis === '-') return { start: 0, length: -1 };
    const [, start, length] = /^(\d{1,15}),(\d{1,15})$/.exec(axis) ?? [];
    if (start === undefined) throw new DecantError('malformed', `'${spec}' is not a part of a tensor`);
    return { start: Number(start), length: Number(length) };
  });
}
