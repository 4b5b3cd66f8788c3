// Runs a TensorFlow.js graph model for bench/peers.py: answers each line of standard input, `infer` or `answers`, with a
// line of JSON.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

const [path, imagePath, shape] = process.argv.slice(2);
const { modelTopology, weightsManifest, signature, userDefinedMetadata } = JSON.parse(await readFile(path, 'utf8'));
const { inputs, outputs } = signature ?? userDefinedMetadata.signature;

async function load() {
  const paths = weightsManifest.flatMap(group => group.paths);
  const parts = await Promise.all(paths.map(file => readFile(join(dirname(path), file))));
  const { buffer, byteOffset, byteLength } = Buffer.concat(parts);
  const weightData = buffer.slice(byteOffset, byteOffset + byteLength);
  const weightSpecs = weightsManifest.flatMap(group => group.weights);
  return { format: 'graph-model', modelTopology, weightSpecs, weightData, generatedBy: null, convertedBy: null };
}

await tf.setBackend('wasm');
const model = await tf.loadGraphModel({ load });
const bytes = await readFile(imagePath);
const image = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const [input] = Object.values(inputs);
const feeds = { [input.name]: tf.tensor(image, shape.split(',').map(Number), 'float32') };
const nodes = Object.values(outputs).map(({ name }) => name);

function infer() {
  const results = [model.execute(feeds, nodes)].flat();
  const answers = results.map(result => [result.shape, [...result.dataSync()]]);
  tf.dispose(results);
  return Object.fromEntries(Object.keys(outputs).map((name, i) => [name, answers[i]]));
}

function run() {
  const results = [model.execute(feeds, nodes)].flat();
  for (const result of results) result.dataSync();
  tf.dispose(results);
  return {};
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(line === 'answers' ? infer() : run())}\n`);
}
