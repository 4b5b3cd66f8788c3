import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { graphDef } from '../../../src/tf/proto/graph-def.ts';
import { decodeBinary } from '../../../src/wire/binary.ts';
import { memorySource } from '../../../src/source/memory-source.ts';
import { isReal } from '../../../src/tensor/element-type.ts';
import { unpackStrings } from '../../../src/tensor/strings.ts';
import { numbersOf } from '../../../src/tensor/tensor.ts';
import { attrTensor } from '../../../src/tf/attrs.ts';
import { partTypeOf } from '../../../src/tf/data-type.ts';
import { readModel } from '../../../src/tf/formats/read-model.ts';
import type { TfTensor } from '../../../src/tf/model.ts';
import { parseJson, printJson } from '../formats/json.ts';
import { file, input, type Target, utf8 } from '../target.ts';
import { bytes, type Tree } from '../tree.ts';
import { convert, GRAPHS } from './support.ts';

const LIVENESS = join(import.meta.dirname, '../../../node_modules/@vladmandic/human/models/liveness.json');

export const modelJson: Target = {
  name: 'model-json',
  about: "TensorFlow.js graph models: model.json and its weights' manifest",
  seeds: () => Promise.resolve([liveness, liveness, ...GRAPHS.map(graph => () => small(graph))]),
  print: (_, content) => (content.kind === 'bytes' ? content.value : utf8(printJson(content))),
  run: convert,
};

const liveness = async (): Promise<Tree> =>
  input(
    file('model.json', parseJson(await readFile(LIVENESS, 'utf8'))),
    file('liveness.bin', bytes('weights', 'bytes', await readFile(LIVENESS.replace('.json', '.bin')))),
  );

/** A model whose constants are among the weights, as TensorFlow.js stores them: in one of six encodings. */
async function small(frozen: Uint8Array): Promise<Tree> {
  const { graph, functions } = await readModel(memorySource('graph', [['graph.pb', frozen]]));
  const nodes = [graph, ...[...functions.values()].map(body => body.nodes)].flatMap(each => [...each]);
  const constants = new Map(nodes.filter(([, { op }]) => op === 'Const'));
  const encoded = [...constants.values()].map((node, i) => encode(node.name, attrTensor(node, 'value'), i % 2 === 0));
  const shards = splitInTwo(Buffer.concat(encoded.map(({ data }) => data)));
  const model = {
    format: 'graph-model',
    modelTopology: plain(decodeBinary(graphDef, frozen)),
    weightsManifest: [{ paths: [...shards.keys()], weights: encoded.map(({ weight }) => weight) }],
  };
  const parts = [...shards].map(([path, data]) => file(path, bytes('weights', 'bytes', data)));
  return input(file('model.json', parseJson(JSON.stringify(model))), ...parts);
}

const splitInTwo = (data: Uint8Array): ReadonlyMap<string, Uint8Array> =>
  new Map([
    ['1of2.bin', data.subarray(0, data.byteLength >> 1)],
    ['2of2.bin', data.subarray(data.byteLength >> 1)],
  ]);

function encode(
  name: string,
  constant: TfTensor,
  isPlain: boolean,
): { readonly weight: object; readonly data: Uint8Array } {
  const { dtype, shape } = constant;
  const value = constant.data();
  const { type } = value;
  if (type === 'string') {
    const strings = unpackStrings(value).map(text => utf8(text));
    const data = Buffer.concat(strings.flatMap(text => [Uint32Array.of(text.byteLength), text].map(bytesIn)));
    return { weight: { name, shape, dtype: 'string' }, data };
  }
  const numbers = numbersOf(value);
  if (partTypeOf(dtype) !== undefined)
    return { weight: { name, shape, dtype: 'complex64' }, data: bytesIn(Float32Array.from(numbers)) };
  if (type === 'boolean') return { weight: { name, shape, dtype: 'bool' }, data: Uint8Array.from(numbers) };
  if (!isReal(type)) return { weight: { name, shape, dtype: 'int32' }, data: bytesIn(Int32Array.from(numbers)) };
  const weight = { name, shape, dtype: 'float32' };
  if (isPlain) return { weight, data: bytesIn(Float32Array.from(numbers)) };
  const quantization = { dtype: 'uint8', scale: 1, min: 0 };
  return { weight: { ...weight, quantization }, data: Uint8Array.from(numbers) };
}

const bytesIn = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** A decoded message as JSON. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]: [string, unknown]) => [key, plain(item)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'function') return plain((value as () => unknown)());
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(
    ([, item]) => item !== undefined && !(Array.isArray(item) && item.length === 0),
  );
  return Object.fromEntries(fields.map(([key, item]) => [key, plain(item)]));
}
