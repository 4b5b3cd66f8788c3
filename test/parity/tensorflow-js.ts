import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { Tensor } from '../../src/tensor/tensor.ts';

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
}

interface Signature {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: tf.io.WeightsManifestEntry[];
  }[];
  readonly signature?: Signature;
  readonly userDefinedMetadata?: { readonly signature: Signature };
}

/** Runs a model on TensorFlow.js. Inputs and outputs are named as in the signature. */
export async function runTensorFlowJs(
  path: string,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, Numbers>>> {
  await tf.setBackend('wasm');
  const json = JSON.parse(await readFile(path, 'utf8')) as ModelJson;
  const signature = json.signature ?? json.userDefinedMetadata!.signature;
  const model = await tf.loadGraphModel({ load: () => artifactsOf(json, dirname(path)) });
  const feeds = Object.entries(inputs).map(([name, tensor]) => [signature.inputs[name]!.name, toTf(tensor)] as const);
  const names = Object.keys(signature.outputs);
  const outputs = model.execute(
    Object.fromEntries(feeds),
    names.map(name => signature.outputs[name]!.name),
  );
  const results = (Array.isArray(outputs) ? outputs : [outputs]).map(
    (output, i) => [names[i]!, { shape: output.shape, data: output.dataSync().slice() }] as const,
  );
  model.dispose();
  tf.disposeVariables();
  return Object.fromEntries(results);
}

async function artifactsOf(json: ModelJson, folder: string): Promise<tf.io.ModelArtifacts> {
  const shards = await Promise.all(
    json.weightsManifest.flatMap(({ paths }) => paths).map(path => readFile(join(folder, path))),
  );
  return {
    format: 'graph-model',
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    weightData: new Uint8Array(Buffer.concat(shards)).buffer,
  };
}

const toTf = ({ type, shape, data }: Tensor): tf.Tensor =>
  tf.tensor(Array.from(data, Number), [...shape], type === 'i32' ? 'int32' : 'float32');
