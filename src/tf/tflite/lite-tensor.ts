import { DecantError } from '../../errors.ts';
import { checkRank } from '../../tensor/dim.ts';
import { bitsOf, type ElementType, isSigned } from '../../tensor/element-type.ts';
import { deferred, sizeOf, type Tensor, tensorFromBytes } from '../../tensor/tensor.ts';
import { type DataType, elementTypeOf } from '../data-type.ts';
import type { TfTensor } from '../model.ts';
import type { LiteModel, StoredTensor } from './schema.ts';
import { densified } from './sparse.ts';

/** Types by number; i4 is stored with two elements per byte. */
const TYPES: readonly (DataType | 'i4')[] = [
  'DT_FLOAT',
  'DT_HALF',
  'DT_INT32',
  'DT_UINT8',
  'DT_INT64',
  'DT_STRING',
  'DT_BOOL',
  'DT_INT16',
  'DT_COMPLEX64',
  'DT_INT8',
  'DT_DOUBLE',
  'DT_COMPLEX128',
  'DT_UINT64',
  'DT_RESOURCE',
  'DT_VARIANT',
  'DT_UINT32',
  'DT_UINT16',
  'i4',
];

/** How integers stand for reals: (integer - zero point) * scale, with one of each, or one per position of `axis`. */
export interface Quantization {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

/** The lowest and the highest real that quantized integers stand for. */
export interface RealRange {
  readonly low: number;
  readonly high: number;
}

export interface LiteTensor {
  /** The name in the file, which need not be unique. */
  readonly stored: string;
  readonly dtype: DataType;
  /** -1 for sizes that are not known. */
  readonly shape: readonly number[];
  /** Missing for integers that stand for themselves, and for reals. */
  readonly quantization?: Quantization;
  /** Missing if ops, or the user, compute it. */
  readonly content?: TfTensor;
}

export function liteTensor(model: LiteModel, file: Uint8Array, tensor: StoredTensor): LiteTensor {
  const type = TYPES[tensor.type];
  if (type === undefined) {
    throw new DecantError('unsupported', `its type, number ${tensor.type}, is not known`, {
      remedy: 'Convert the model again with a type of TensorFlow Lite 2.15.',
    });
  }
  const shape = tensor.signature ?? tensor.shape ?? [];
  checkRank('a tensor', shape.length);
  if (shape.some(size => size < -1)) throw new DecantError('malformed', `its shape is [${shape.join(',')}]`);
  const dtype = type === 'i4' ? 'DT_INT8' : type;
  const quantization = quantizationOf(tensor, dtype, shape);
  const content = contentOf(model, file, tensor);
  return {
    stored: tensor.name,
    dtype,
    shape,
    ...(quantization && { quantization }),
    ...(content && { content: constantOf(tensor, type, content) }),
  };
}

/** The real type of the tensor: quantized integers stand for f32. */
export const realTypeOf = ({ dtype, quantization }: LiteTensor): DataType =>
  quantization === undefined ? dtype : 'DT_FLOAT';

export function levelsOf(dtype: DataType): { readonly lowest: number; readonly highest: number } {
  const type = elementTypeOf(dtype)!;
  const count = 2 ** bitsOf(type);
  return isSigned(type) ? { lowest: -count / 2, highest: count / 2 - 1 } : { lowest: 0, highest: count - 1 };
}

export function rangeOf({ dtype }: LiteTensor, { scales, zeroPoints }: Quantization): RealRange {
  const { lowest, highest } = levelsOf(dtype);
  return { low: (lowest - zeroPoints[0]!) * scales[0]!, high: (highest - zeroPoints[0]!) * scales[0]! };
}

export function isSameQuantization({ quantization: a }: LiteTensor, { quantization: b }: LiteTensor): boolean {
  if (a === undefined || b === undefined) return a === b;
  const isSame = (x: readonly number[], y: readonly number[]): boolean =>
    x.length === y.length && x.every((value, i) => value === y[i]);
  const isAlong = a.scales.length === 1 || a.axis === b.axis;
  return isAlong && isSame(a.scales, b.scales) && isSame(a.zeroPoints, b.zeroPoints);
}

const QUANTIZED: ReadonlySet<DataType> = new Set(['DT_UINT8', 'DT_INT8', 'DT_INT16', 'DT_INT32', 'DT_INT64']);

function quantizationOf(
  { quantization }: StoredTensor,
  dtype: DataType,
  shape: readonly number[],
): Quantization | undefined {
  const scales = quantization?.scale ?? [];
  if (quantization === undefined || scales.length === 0 || !QUANTIZED.has(dtype)) return undefined;
  const zeroPoints = quantization.zeroPoint ?? scales.map(() => 0);
  const { axis } = quantization;
  const isValid = scales.every(scale => Number.isFinite(scale) && scale > 0) && zeroPoints.every(Number.isSafeInteger);
  const matches = scales.length === zeroPoints.length && (scales.length === 1 || shape[axis] === scales.length);
  if (isValid && matches) return { scales, zeroPoints, axis };
  throw new DecantError(
    'malformed',
    `it has ${scales.length} scales and ${zeroPoints.length} zero points along axis ${axis} of [${shape.join(',')}], or some that are not numbers above 0`,
  );
}

/** Buffer 0 is always empty, and stands for none. Larger files keep data behind the flatbuffer, where offsets of 64 bits reach. */
function contentOf({ buffers }: LiteModel, file: Uint8Array, tensor: StoredTensor): Uint8Array | undefined {
  if (tensor.externalBuffer !== 0) {
    throw new DecantError('unsupported', 'its values are in another file', {
      remedy: 'Convert the model again without external buffers, to a single file.',
    });
  }
  const buffer = buffers[tensor.buffer];
  if (tensor.buffer === 0 || buffer === undefined) return undefined;
  if (buffer.offset > 1) {
    const end = buffer.offset + buffer.size;
    if (end <= file.byteLength) return file.subarray(buffer.offset, end);
    throw new DecantError('malformed', `its values end at byte ${end} of a file with ${file.byteLength}`, {
      remedy: 'Download the file again: it is truncated or corrupt.',
    });
  }
  if (buffer.data !== undefined && buffer.data.byteLength > 0) return buffer.data;
  return tensor.shape?.includes(0) === true ? new Uint8Array(0) : undefined;
}

function constantOf(tensor: StoredTensor, type: DataType | 'i4', content: Uint8Array): TfTensor {
  const dtype = type === 'i4' ? 'DT_INT8' : type;
  const shape = tensor.shape ?? [];
  if (shape.some(size => size < 0)) throw new DecantError('malformed', `its shape is [${shape.join(',')}]`);
  const element = elementTypeOf(dtype);
  if (element === undefined || element === 'string') {
    return { dtype, shape, data: () => notReadable(dtype) };
  }
  const { sparsity } = tensor;
  if (sparsity !== undefined) return { dtype, shape, data: once(() => densified(sparsity, element, shape, content)) };
  const unpacked = type === 'i4' ? unpackHalves(content) : content;
  checkLength(element, shape, unpacked);
  return { dtype, shape, data: once(() => tensorFromBytes(element, shape, unpacked)) };
}

function once(read: () => Tensor): () => Tensor {
  let tensor: Tensor | undefined;
  return () => (tensor ??= read());
}

function notReadable(dtype: DataType): never {
  throw new DecantError('unsupported', `constants of type ${dtype} are not supported`, {
    remedy: 'Select outputs that do not depend on it with --output.',
  });
}

function checkLength(element: ElementType, shape: readonly number[], content: Uint8Array): void {
  const needed = (sizeOf(shape) * bitsOf(element)) / 8;
  if (content.byteLength >= needed) return;
  throw new DecantError(
    'malformed',
    `it has ${content.byteLength} bytes, but ${element}[${shape.join(',')}] needs ${needed}`,
  );
}

/** Elements of 4 bits, the lower half of each byte first, as bytes. */
function unpackHalves(packed: Uint8Array): Uint8Array {
  const halves = new Int8Array(2 * packed.byteLength);
  packed.forEach((byte, i) => {
    halves[2 * i] = (byte << 28) >> 28;
    halves[2 * i + 1] = (byte << 24) >> 28;
  });
  return new Uint8Array(halves.buffer);
}

/** Unsigned integers as signed ones with a zero point of 0, if all differences from the zero point fit. */
export function centered({ content, quantization, dtype }: LiteTensor): readonly [TfTensor, Quantization] {
  const { zeroPoints, scales } = quantization!;
  const [zero] = zeroPoints;
  const asStored = [content!, quantization!] as const;
  if (dtype !== 'DT_UINT8' || zeroPoints.some(each => each !== zero)) return asStored;
  const { shape } = content!;
  const levels = content!.data().data as Uint8Array;
  if (levels.some(level => level - zero! < -128 || level - zero! > 127)) return asStored;
  const data = (): Tensor =>
    deferred('i8', shape, () => Int8Array.from(content!.data().data as Uint8Array, level => level - zero!));
  return [
    { dtype: 'DT_INT8', shape, data },
    { ...quantization!, zeroPoints: scales.map(() => 0) },
  ];
}
