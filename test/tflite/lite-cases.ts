import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ElementType } from '../../src/tensor/element-type.ts';
import { type Tensor, tensorFromBytes } from '../../src/tensor/tensor.ts';

/** A model with inputs, and the outputs of TensorFlow Lite's interpreter, by the names of the tensors in the file. */
export interface LiteCase {
  readonly name: string;
  /** Names of the ops, of which the first word of `name` is one. */
  readonly ops: readonly string[];
  readonly model: Uint8Array;
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** How far results may be off: 0 for what rounding to f32 explains. */
  readonly tolerance: number;
}

type Stored = readonly [type: string, shape: readonly number[], base64: string];

interface StoredCase {
  readonly name: string;
  readonly ops: readonly string[];
  readonly model: string;
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly outputs: Readonly<Record<string, Stored>>;
  readonly tolerance: number;
}

/** By NumPy type. */
const TYPES: Readonly<Record<string, ElementType>> = {
  float32: 'f32',
  int64: 'i64',
  int32: 'i32',
  int16: 'i16',
  int8: 'i8',
  uint8: 'u8',
  bool: 'boolean',
};

export const FOLDER = join(import.meta.dirname, '../fixtures/tflite');

const bytesFrom = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

const tensorsFrom = (stored: StoredCase['inputs']): ReadonlyMap<string, Tensor> =>
  new Map(
    Object.entries(stored).map(([name, [type, shape, data]]) => [
      name,
      tensorFromBytes(TYPES[type]!, shape, bytesFrom(data)),
    ]),
  );

export const LITE_CASES: readonly LiteCase[] = (
  JSON.parse(gunzipSync(readFileSync(join(FOLDER, 'cases.json.gz'))).toString()) as readonly StoredCase[]
).map(({ name, ops, model, inputs, outputs, tolerance }) => ({
  name,
  ops,
  model: bytesFrom(model),
  inputs: tensorsFrom(inputs),
  outputs: tensorsFrom(outputs),
  tolerance,
}));
