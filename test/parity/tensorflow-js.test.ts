import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConversion, type ConversionResult, toIr } from '../../src/convert.ts';
import { toDetections } from '../../src/detect/raw-detections.ts';
import { findHead } from '../../src/detect/heads/find-head.ts';
import { readImage } from '../../src/image/read-image.ts';
import { Detector } from '../../src/api/detector.ts';
import { graphPorts } from '../../src/api/graph-ports.ts';
import { countNodes, type Graph, topological } from '../../src/ov/graph.ts';
import { openSource } from '../../src/platform/open-source.ts';
import { formatShape } from '../../src/tensor/dim.ts';
import { numbersOf, type Tensor, tensorOf } from '../../src/tensor/tensor.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { core } from '../support/openvino.ts';
import { toMemory, withAllOutputs } from './graphs.ts';
import { type Numbers, runTensorFlowJs } from './tensorflow-js.ts';

useFreshCache();

const PACKAGE = join(import.meta.dirname, '../../node_modules/@vladmandic/human');

const pathOf = (name: string): string => join(PACKAGE, 'models', `${name}.json`);

/** All graph models of the package except `handtrack`, which has loops; `models.json` is the list of models. */
const NAMES = readdirSync(join(PACKAGE, 'models'))
  .filter(file => file.endsWith('.json'))
  .map(file => file.replace('.json', ''))
  .filter(name => name !== 'handtrack' && name !== 'models');

const MAX_INPUT: Readonly<Record<string, number>> = { centernet: 255, faceres: 255 };

/**
 * Number of remaining transposes: one for the input image, unless it is grayscale, and one at each end of the convolutional
 * part, such as an output image or a flattened feature map.
 */
const TRANSPOSES: Readonly<Record<string, number>> = {
  antispoof: 2,
  blazeface: 5,
  centernet: 4,
  emotion: 0,
  facemesh: 1,
  faceres: 1,
  'handlandmark-lite': 1,
  iris: 1,
  liveness: 2,
  'movenet-lightning': 6,
};

interface Row {
  readonly model: string;
  readonly tfOps: number;
  readonly irOps: number;
  readonly transposes: number;
  readonly ms: number;
  f32: string;
  f16: string;
}

const rows: Row[] = [];

afterAll(() => {
  // eslint-disable-next-line no-console
  if (process.env['npm_lifecycle_event'] === 'report:models') console.table(rows);
});

describe.each(NAMES)('%s', name => {
  let conversion: ConversionResult;
  let inputs: Readonly<Record<string, Tensor>>;
  let expected: Readonly<Record<string, Numbers>>;
  let row: Row;

  beforeAll(async () => {
    const source = await openSource(pathOf(name));
    const start = performance.now();
    conversion = await runConversion(source, { compressToFp16: false });
    toIr(conversion.graph);
    const ms = Math.round(performance.now() - start);
    inputs = seededInputs(conversion.graph, MAX_INPUT[name] ?? 1);
    expected = await runTensorFlowJs(pathOf(name), inputs);
    row = {
      model: name,
      tfOps: conversion.prepared.graph.size,
      irOps: countNodes(conversion.graph),
      transposes: topological(conversion.graph).filter(({ op }) => op.type === 'Transpose').length,
      ms,
      f32: '',
      f16: '',
    };
    rows.push(row);
  });

  it('matches the outputs of TensorFlow.js', async () => {
    const share = difference(await infer(conversion.graph, inputs), expected);
    row.f32 = share.toExponential(1);
    expect(share).toBeLessThan(1e-4);
  });

  it('matches them approximately with f16 weights', async () => {
    const { graph } = await runConversion(await openSource(pathOf(name)));
    const share = difference(await infer(graph, inputs), expected);
    row.f16 = share.toExponential(1);
    expect(share).toBeLessThan(5e-3);
  });

  it('infers the same shapes as OpenVINO for every node', async () => {
    const all = withAllOutputs(conversion.graph);
    using model = await core.readModel(toMemory(all));
    const inferred = model.outputs.map(port => [
      port.anyName,
      // Only OpenVINO has bounds for dynamic sizes.
      `${port.elementType}${port
        .getPartialShape()
        .toString()
        .replaceAll(/\d*\.\.\d+/g, '?')}`,
    ]);
    const ours = [...all.outputs].map(([output, { type, shape }]) => [output, `${type}${formatShape(shape)}`]);
    expect(Object.fromEntries(inferred)).toEqual(Object.fromEntries(ours));
  });

  it('transposes only at the ends of the convolutional part', () => {
    expect(row.transposes).toBe(TRANSPOSES[name]);
  });
});

it('detects the same objects in a photo as TensorFlow.js', async () => {
  const path = pathOf('centernet');
  const { graph } = await runConversion(await openSource(path));
  const head = findHead(graphPorts(graph));
  const photo = await readImage(join(PACKAGE, 'assets', 'samples.jpg'));
  const results = await runTensorFlowJs(path, await head.prepare(photo));
  const outputs = Object.entries(results).map(
    ([name, { shape, data }]) => [name, tensorOf('f32', shape, data)] as const,
  );
  const expected = toDetections(head.read(Object.fromEntries(outputs)), photo, head.labels, { threshold: 0.25 });
  using detector = await Detector.load(path, { core, convert: { compressToFp16: false } });
  const { detections } = await detector.detect(photo, { threshold: 0.25 });
  expect(expected.length).toBeGreaterThan(5);
  expect(detections).toHaveLength(expected.length);
  for (const [i, { label, score, box }] of expected.entries()) {
    expect(detections[i]!.label).toBe(label);
    expect(detections[i]!.score).toBeCloseTo(score, 4);
    for (const edge of ['xmin', 'ymin', 'xmax', 'ymax'] as const) {
      expect(detections[i]!.box[edge]).toBeCloseTo(box[edge], 1);
    }
  }
});

/** Generates inputs from 0 to `max`, or to 255 for integers. Unknown sizes become 1. */
function seededInputs(graph: Graph, max: number): Readonly<Record<string, Tensor>> {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) / 0x7fffff;
  };
  return Object.fromEntries(
    [...graph.inputs].map(([name, { type, shape }]) => {
      const sizes = shape.map(size => (typeof size === 'number' ? size : 1));
      const count = sizes.reduce((product, size) => product * size, 1);
      const numbers = Array.from({ length: count }, () => (type === 'f32' ? next() * max : Math.floor(next() * 256)));
      return [name, tensorOf(type, sizes, numbers)];
    }),
  );
}

async function infer(
  graph: Graph,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, Numbers>>> {
  using model = await core.readModel(toMemory(graph));
  using compiled = await core.compileModel(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
  const outputs = await compiled.createInferRequest().inferAsync(inputs);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => [name, { shape: output.shape, data: numbersOf(output) }]),
  );
}

/** Returns the largest difference relative to the range of its output; expects equal names and shapes. */
function difference(outputs: Readonly<Record<string, Numbers>>, expected: Readonly<Record<string, Numbers>>): number {
  const shapes = (of: Readonly<Record<string, Numbers>>): object =>
    Object.fromEntries(Object.entries(of).map(([name, { shape }]) => [name, shape]));
  expect(shapes(outputs)).toEqual(shapes(expected));
  const shares = Object.entries(expected).map(([name, { data }]) => {
    const numbers = Array.from(data);
    const largest = numbers.reduce((most, number, i) => Math.max(most, Math.abs(number - outputs[name]!.data[i]!)), 0);
    return largest / rangeOf(numbers);
  });
  return Math.max(...shares);
}

/** Maximum minus minimum, or 1 for equal numbers, such as a single probability. */
function rangeOf(numbers: readonly number[]): number {
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const greatest = numbers.reduce((a, b) => Math.max(a, b));
  return least === greatest ? 1 : greatest - least;
}
