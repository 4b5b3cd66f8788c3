import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { bytesOf, type Tensor } from '../../src/tensor/tensor.ts';
import { nodeBytes, proto, shapeBytes } from './proto-bytes.ts';
import { seededTensor, type WeightRecord } from './seeded.ts';
import { writeTensorBundle } from './write-tensor-bundle.ts';

/** Models of TensorFlow's Object Detection API with seeded weights: see `tools/fixtures/README.md`. */
const FIXTURES = join(import.meta.dirname, '../fixtures', 'zoo');

export const ZOO: readonly string[] = readdirSync(FIXTURES);

/** Samples of an output: every `columnStep`-th number of every `rowStep`-th of `rows` rows. */
export interface Sample {
  readonly shape: readonly number[];
  readonly rows: number;
  readonly rowStep: number;
  readonly columnStep: number;
  /** Minimum, maximum and mean of the whole output. */
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  readonly values: readonly number[];
}

export interface Golden {
  readonly image: readonly [height: number, width: number, seed: number];
  readonly outputs: Readonly<Record<string, Sample>>;
  /** Accuracy of OpenVINO's own converter, if measured. */
  readonly peer?: {
    readonly matched: number;
    /** Largest difference of each output relative to its range. */
    readonly differences: Readonly<Record<string, number>>;
  };
}

export const readGoldens = (model: string): Promise<readonly Golden[]> => readJson(model, 'golden');

export async function writeSavedModel(model: string, folder: string): Promise<void> {
  await mkdir(join(folder, 'variables'), { recursive: true });
  await writeFile(join(folder, 'saved_model.pb'), await readBytes(model, 'saved_model.pb'));
  await writeTensorBundle(join(folder, 'variables', 'variables'), await seededWeights(model, 'weights'));
}

/** Writes a frozen graph with functional control flow, or lowered to the control flow of TensorFlow 1. */
export async function writeFrozenGraph(model: string, kind: 'functional' | 'lowered', path: string): Promise<void> {
  const graph = await readBytes(model, `frozen_${kind}.pb`);
  const weights = await seededWeights(model, `frozen_${kind}`);
  // Concatenated protobuf messages merge: the constants become nodes of the same graph.
  await writeFile(path, [graph, ...[...weights].map(([name, value]) => proto([1, constant(name, value)]))]);
}

const DT_FLOAT = 1;

const constant = (name: string, value: Tensor): Uint8Array =>
  nodeBytes(name, 'Const', [], {
    dtype: proto([6, DT_FLOAT]),
    value: proto([8, proto([1, DT_FLOAT], [2, shapeBytes(...value.shape)], [4, bytesOf(value)])]),
  });

async function seededWeights(model: string, file: string): Promise<ReadonlyMap<string, Tensor>> {
  const records: Readonly<Record<string, WeightRecord>> = await readJson(model, file);
  return new Map(Object.entries(records).map(([name, record]) => [name, seededTensor(record)]));
}

const readJson = async <T>(model: string, file: string): Promise<T> =>
  JSON.parse((await readBytes(model, `${file}.json`)).toString()) as T;

const readBytes = async (model: string, file: string): Promise<Buffer> =>
  brotliDecompressSync(await readFile(join(FIXTURES, model, `${file}.br`)));
