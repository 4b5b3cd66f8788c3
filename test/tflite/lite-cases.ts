import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { bytesFrom, type StoredTensors, tensorsFrom } from '../support/stored-tensors.ts';

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

interface StoredCase {
  readonly name: string;
  readonly ops: readonly string[];
  readonly model: string;
  readonly inputs: StoredTensors;
  readonly outputs: StoredTensors;
  readonly tolerance: number;
}

export const FOLDER = join(import.meta.dirname, '../fixtures/tflite');

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
