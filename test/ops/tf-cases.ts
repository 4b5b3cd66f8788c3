import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { convertTfModel } from '../../src/convert.ts';
import type { Graph } from '../../src/ov/graph.ts';
import { verify } from '../../src/ov/verify.ts';
import { memorySource } from '../../src/source/memory-source.ts';
import type { ElementType } from '../../src/tensor/element-type.ts';
import { type Tensor, tensorFromBytes } from '../../src/tensor/tensor.ts';
import { attrType } from '../../src/tf/attrs.ts';
import { readModel } from '../../src/tf/formats/read-model.ts';
import type { TfModel } from '../../src/tf/model.ts';
import { constant } from '../support/tf-records.ts';

/** What TensorFlow answers for a graph of one op or a few; `tools/fixtures/ops` made them. */
export interface TfCase {
  readonly name: string;
  /** A GraphDef with placeholders `in0`, `in1`, ... and outputs `out0`, `out1`, ... */
  readonly graph: Uint8Array;
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly outputs: ReadonlyMap<string, Tensor>;
}

type Stored = readonly [type: string, shape: readonly number[], base64: string];

interface StoredCase {
  readonly name: string;
  readonly graph: string;
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly outputs: Readonly<Record<string, Stored>>;
}

const FOLDER = join(import.meta.dirname, '../fixtures/ops');

/** NumPy's names of types. */
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

const bytesFrom = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

const tensorsFrom = (stored: StoredCase['inputs']): ReadonlyMap<string, Tensor> =>
  new Map(
    Object.entries(stored).map(([name, [type, shape, data]]) => [
      name,
      tensorFromBytes(TYPES[type]!, shape, bytesFrom(data)),
    ]),
  );

/** The cases of every family. */
export const TF_FAMILIES: ReadonlyMap<string, readonly TfCase[]> = new Map(
  readdirSync(FOLDER).map(file => {
    const stored = JSON.parse(gunzipSync(readFileSync(join(FOLDER, file))).toString()) as readonly StoredCase[];
    const cases = stored.map(({ name, graph, inputs, outputs }) => ({
      name,
      graph: bytesFrom(graph),
      inputs: tensorsFrom(inputs),
      outputs: tensorsFrom(outputs),
    }));
    return [basename(file, '.json.gz'), cases] as const;
  }),
);

/** How much is known at conversion: the sizes that the graph tells, the sizes of all inputs, or the inputs themselves. */
export type Knowledge = 'open' | 'sized' | 'constant';
export const KNOWLEDGE: readonly Knowledge[] = ['open', 'sized', 'constant'];

export const readCase = ({ graph }: TfCase): Promise<TfModel> => readModel(memorySource('case', [['case.pb', graph]]));

/** A case as decant converts it, checked. */
export async function convertCase(tfCase: TfCase, knowledge: Knowledge): Promise<Graph> {
  const model = await readCase(tfCase);
  const sizes = [...tfCase.inputs].map(([name, { shape }]) => ({ name, shape }));
  const { graph } = await convertTfModel(knowledge === 'constant' ? withConstants(model, tfCase.inputs) : model, {
    compressToFp16: false,
    ...(knowledge === 'sized' && { inputShapes: sizes }),
  });
  verify(graph);
  return graph;
}

/** A model whose placeholders are constants. */
function withConstants(model: TfModel, inputs: TfCase['inputs']): TfModel {
  const constants = [...inputs].map(([name, value]) =>
    constant(name, attrType(model.graph.get(name)!, 'dtype'), value),
  );
  return { ...model, graph: new Map([...model.graph, ...constants.map(node => [node.name, node] as const)]) };
}
