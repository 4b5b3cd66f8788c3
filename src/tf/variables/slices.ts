import { DecantError } from '../../errors.ts';
import { sizeOf } from '../../tensor/tensor.ts';

/** A slice along one axis; length -1 for the whole axis. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

export interface Block {
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
}

/** All pairs are compared. TensorFlow partitions variables over dozens of training machines. */
const MAX_SLICES = 4096;

export function blockOf(extents: readonly Extent[], shape: readonly number[], what: string): Block {
  const starts = extents.map(({ start }) => start);
  const lengths = extents.map(({ length }, axis) => (length < 0 ? (shape[axis] ?? 0) : length));
  const isInside = shape.every((size, axis) => starts[axis]! >= 0 && starts[axis]! + lengths[axis]! <= size);
  if (extents.length !== shape.length || !isInside) {
    throw new DecantError('malformed', `a slice of ${what} is out of bounds of [${shape.join(',')}]`);
  }
  return { starts, lengths };
}

export function checkSlices(slices: readonly Block[], shape: readonly number[], what: string): void {
  const filled = slices.reduce((sum, { lengths }) => sum + sizeOf(lengths), 0);
  const overlap = (a: Block, b: Block): boolean =>
    shape.every(
      (_, axis) =>
        a.starts[axis]! < b.starts[axis]! + b.lengths[axis]! && b.starts[axis]! < a.starts[axis]! + a.lengths[axis]!,
    );
  if (slices.length > MAX_SLICES) throw new DecantError('limit', `${what} has more than ${MAX_SLICES} slices`);
  if (filled !== sizeOf(shape) || slices.some((a, i) => slices.slice(0, i).some(b => overlap(a, b)))) {
    throw new DecantError('malformed', `the slices of ${what} do not cover [${shape.join(',')}] exactly once`);
  }
}

/** The checkpoint key of a slice, as Latin-1, in the OrderedCode encoding of TensorFlow. */
export const sliceKey = (name: string, extents: readonly Extent[]): string =>
  orderedNumber(0) +
  orderedString(name) +
  orderedNumber(extents.length) +
  extents.map(({ start, length }) => orderedSigned(start) + orderedSigned(length)).join('');

function orderedNumber(value: number): string {
  let bytes = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes = String.fromCharCode(rest % 256) + bytes;
  return String.fromCharCode(bytes.length) + bytes;
}

/** Bytes 0 and 255 are escaped; 0 1 terminates the string. */
const orderedString = (text: string): string =>
  `${text.replaceAll(/[\0\u00ff]/g, byte => (byte === '\0' ? '\0\u00ff' : '\u00ff\0'))}\0\u0001`;

/** Variable length: the leading bits encode the byte count; n bytes hold 7n - 1 bits and the sign. */
function orderedSigned(value: number): string {
  let count = 1;
  while (value < -(2 ** (7 * count - 1)) || value >= 2 ** (7 * count - 1)) count++;
  const bits = BigInt.asUintN(8 * count, BigInt(value)) ^ (((1n << BigInt(count)) - 1n) << BigInt(7 * count));
  let bytes = '';
  for (let i = count - 1; i >= 0; i--) bytes += String.fromCharCode(Number((bits >> BigInt(8 * i)) & 0xffn));
  return bytes;
}

/**
 * Parses a slice spec of RestoreV2, such as `10 4 0,5:-`: the full shape, then `start,length` of each axis, or `-` for the
 * whole axis. An empty spec means the whole tensor.
 */
export function parseSliceSpec(spec: string): readonly Extent[] | undefined {
  const slice = spec.trim().split(' ').at(-1);
  if (slice === undefined || slice === '') return undefined;
  return slice.split(':').map(axis => {
    if (axis === '-') return { start: 0, length: -1 };
    const [, start, length] = /^(\d{1,15}),(\d{1,15})$/.exec(axis) ?? [];
    if (start === undefined) throw new DecantError('malformed', `'${spec}' is not a slice spec`);
    return { start: Number(start), length: Number(length) };
  });
}
