import type { ElementType } from '../../src/tensor/element-type.ts';
import { type Tensor, tensorFromBytes } from '../../src/tensor/tensor.ts';

/** Tensors of a fixture by name: NumPy's type, the shape, and the elements in base64. */
export type StoredTensors = Readonly<Record<string, readonly [type: string, shape: readonly number[], base64: string]>>;

/** By NumPy type. */
const TYPES: Readonly<Record<string, ElementType>> = {
  float64: 'f64',
  float32: 'f32',
  float16: 'f16',
  bfloat16: 'bf16',
  int64: 'i64',
  int32: 'i32',
  int16: 'i16',
  int8: 'i8',
  uint64: 'u64',
  uint32: 'u32',
  uint16: 'u16',
  uint8: 'u8',
  bool: 'boolean',
};

export const bytesFrom = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

export const tensorsFrom = (stored: StoredTensors): ReadonlyMap<string, Tensor> =>
  new Map(
    Object.entries(stored).map(([name, [type, shape, data]]) => [
      name,
      tensorFromBytes(TYPES[type]!, shape, bytesFrom(data)),
    ]),
  );
