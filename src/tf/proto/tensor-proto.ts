import { DecantError } from '../../errors.ts';
import { checkRank } from '../../tensor/dim.ts';
import { allocate, byteLengthOf, type ElementType } from '../../tensor/element-type.ts';
import { packStrings } from '../../tensor/strings.ts';
import { sizeOf, type Tensor, tensor, tensorFromBytes } from '../../tensor/tensor.ts';
import { message, one, optional, type RecordOf, repeated } from '../../wire/message.ts';
import { type DataType, elementTypeOf, partTypeOf } from '../data-type.ts';
import type { TfShape, TfTensor } from '../model.ts';
import { checkFilledBytes } from '../filled-bytes.ts';
import { readDataType } from './read-data-type.ts';

export const tensorShapeProto = message('TensorShapeProto', {
  dim: repeated(2, message('Dim', { size: one(1, 'int64') })),
  unknownRank: one(3, 'bool'),
});

export const tensorProto = message('TensorProto', {
  dtype: one(1, 'enum'),
  tensorShape: optional(2, tensorShapeProto),
  tensorContent: one(4, 'bytes'),
  floatVal: repeated(5, 'float'),
  doubleVal: repeated(6, 'double'),
  intVal: repeated(7, 'int32'),
  stringVal: repeated(8, 'bytes'),
  scomplexVal: repeated(9, 'float'),
  int64Val: repeated(10, 'bigint'),
  boolVal: repeated(11, 'bool'),
  dcomplexVal: repeated(12, 'double'),
  halfVal: repeated(13, 'int32'),
  uint32Val: repeated(16, 'int32'),
  uint64Val: repeated(17, 'bigint'),
});

type TensorProto = RecordOf<typeof tensorProto>;

const BYTES_PER_STRING = 64;

export function toShape(shape: RecordOf<typeof tensorShapeProto>): TfShape {
  if (shape.unknownRank) return undefined;
  checkRank('a tensor', shape.dim.length);
  return shape.dim.map(({ size }) => Math.max(size, -1));
}

export function toTensor(proto: TensorProto, what: string): TfTensor {
  const dtype = readDataType(proto.dtype, what);
  const shape = proto.tensorShape === undefined ? [] : toShape(proto.tensorShape);
  if (shape === undefined || shape.includes(-1))
    throw new DecantError('malformed', `the shape of ${what} is not static`);
  let decoded: Tensor | undefined;
  const decodeOnce = (): Tensor => {
    const part = partTypeOf(dtype);
    return part === undefined ? decode(proto, dtype, shape, what) : decodePairs(proto, part, shape, what);
  };
  return { dtype, shape, filledBytes: filledBytesOf(proto, dtype, shape), data: () => (decoded ??= decodeOnce()) };
}

export function constantElement(dtype: DataType, what: string): ElementType {
  const element = elementTypeOf(dtype);
  if (element === undefined) {
    throw new DecantError('unsupported', `${what} has type ${dtype}, which OpenVINO does not support`, {
      remedy:
        'Select outputs that do not depend on it with --output, or export the model with another type, such as float32.',
    });
  }
  return element;
}

/** Decodes complex numbers as pairs of their parts, along an added last axis of size 2. */
function decodePairs(proto: TensorProto, part: 'f32' | 'f64', shape: readonly number[], what: string): Tensor {
  const values = part === 'f32' ? proto.scomplexVal : proto.dcomplexVal;
  const count = sizeOf(shape);
  const last = values.slice(-2);
  const rest = Math.max(count - values.length / 2, 0);
  checkFilledBytes(`${what} of shape [${shape.join(',')}] takes`, byteLengthOf(part, 2 * count));
  const all = last.length < 2 ? values : [...values, ...Array.from({ length: 2 * rest }, (_, i) => last[i % 2]!)];
  const pairs = part === 'f32' ? { ...proto, floatVal: all } : { ...proto, doubleVal: all };
  return decodeAs(pairs, part, [...shape, 2], what);
}

const decode = (proto: TensorProto, dtype: DataType, shape: readonly number[], what: string): Tensor =>
  decodeAs(proto, constantElement(dtype, what), shape, what);

/** Bytes that repeat a value, rather than take space in the file. */
function filledBytesOf(proto: TensorProto, dtype: DataType, shape: readonly number[]): number {
  const part = partTypeOf(dtype);
  if (part !== undefined) return proto.tensorContent.byteLength > 0 ? 0 : byteLengthOf(part, 2 * sizeOf(shape));
  const element = elementTypeOf(dtype);
  return element === undefined ? 0 : filledBytesAs(proto, element, shape);
}

function filledBytesAs(proto: TensorProto, element: ElementType, shape: readonly number[]): number {
  if (proto.tensorContent.byteLength > 0 && element !== 'string') return 0;
  return element === 'string' ? sizeOf(shape) * BYTES_PER_STRING : byteLengthOf(element, sizeOf(shape));
}

/** The last value of a list repeats to fill the shape; an empty list means zeros. */
function decodeAs(proto: TensorProto, element: ElementType, shape: readonly number[], what: string): Tensor {
  const count = sizeOf(shape);
  const content = proto.tensorContent;
  if (content.byteLength > 0 && element !== 'string') {
    const expected = byteLengthOf(element, count);
    if (content.byteLength !== expected) {
      const form = `${element}[${shape.join(',')}]`;
      throw new DecantError('malformed', `${what} has ${content.byteLength} bytes, but ${form} needs ${expected}`);
    }
    return tensorFromBytes(element, shape, content);
  }
  checkFilledBytes(`${what} of shape [${shape.join(',')}] takes`, filledBytesAs(proto, element, shape));
  if (element === 'string') return packStrings(shape, filledStrings(proto.stringVal, count));
  const data = allocate(element, count);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const values = element === 'u64' ? proto.uint64Val : proto.int64Val;
    data.set(values.slice(0, count));
    data.fill(values.at(-1) ?? 0n, values.length);
  } else {
    const values = valuesOf(proto, element);
    data.set(values.slice(0, count));
    data.fill(values.at(-1) ?? 0, values.length);
  }
  return tensor(element, shape, data);
}

function valuesOf(proto: TensorProto, element: ElementType): readonly number[] {
  switch (element) {
    case 'f32':
      return proto.floatVal;
    case 'f64':
      return proto.doubleVal;
    case 'f16':
    case 'bf16':
      return proto.halfVal;
    case 'boolean':
      return proto.boolVal.map(Number);
    case 'u32':
      return proto.uint32Val;
    default:
      return proto.intVal;
  }
}

const filledStrings = (values: readonly Uint8Array[], count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, i) => values[i] ?? values.at(-1) ?? new Uint8Array(0));
