import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConversion } from '../../src/convert.ts';
import { countNodes, type Graph, is, topological } from '../../src/ov/graph.ts';
import { If } from '../../src/ov/ops/control-flow.ts';
import { openSource } from '../../src/platform/open-source.ts';
import { formatShape } from '../../src/tensor/dim.ts';
import { numbersOf } from '../../src/tensor/tensor.ts';
import type { RawDetections } from '../../src/detect/raw-detections.ts';
import { matchDetections } from '../../src/verify/match-detections.ts';
import { core } from '../support/openvino.ts';
import { seededImage } from '../support/seeded.ts';
import { type Golden, readGoldens, writeFrozenGraph, writeSavedModel, ZOO } from '../support/zoo-fixtures.ts';
import { toMemory, withAllOutputs } from './graphs.ts';
import { sampleDifference } from './sample-difference.ts';

interface Case {
  readonly name: string;
  readonly model: string;
  readonly nameless: boolean;
  readonly write: (folder: string) => Promise<string>;
}

const FROZEN = 'ssd_mobilenet_v2_320x320';

const CASES: readonly Case[] = [
  ...ZOO.map(model => ({
    name: model,
    model,
    nameless: false,
    write: async (folder: string) => {
      await writeSavedModel(model, folder);
      return folder;
    },
  })),
  ...(['functional', 'lowered'] as const).map(kind => ({
    name: `${FROZEN} (frozen, ${kind})`,
    model: FROZEN,
    nameless: true,
    write: async (folder: string) => {
      const path = join(folder, `${kind}.pb`);
      await writeFrozenGraph(FROZEN, kind, path);
      return path;
    },
  })),
];

/** Outputs that are compared by matching detections: two with nearly equal scores may be swapped. */
const DETECTIONS = new Set(['detection_boxes', 'detection_scores', 'detection_classes']);

/** The anchors of the detections, compared only if all detections match. */
const INDICES = 'detection_anchor_indices';

/** Tolerated difference of the other outputs relative to their range, unless OpenVINO's own converter differs more. */
const TOLERANCE = 1e-3;

/** Tolerates the rounding of OpenVINO's stored differences to two digits. */
const ROUNDING = 1.05;

const LOOPS = ['Loop', 'TensorIterator'];

interface Row {
  readonly model: string;
  readonly tfNodes: number;
  readonly irOps: number;
  readonly ms: number;
  matched: string;
}

const rows: Row[] = [];

/** Largest difference of each output over all images, relative to its range. */
const differences: Record<string, Record<string, number>> = {};

afterAll(() => {
  if (process.env['npm_lifecycle_event'] !== 'report:zoo') return;
  /* eslint-disable no-console */
  console.table(rows);
  console.dir(differences);
});

describe.each(CASES)('$name', ({ name, model, nameless, write }) => {
  let graph: Graph;
  let goldens: readonly Golden[];
  let row: Row;
  let folder: string;

  beforeAll(async () => {
    goldens = await readGoldens(model);
    folder = await mkdtemp(join(tmpdir(), 'decant-zoo-'));
    const path = await write(folder);
    const start = performance.now();
    const conversion = await runConversion(await openSource(path), { compressToFp16: false });
    const ms = Math.round(performance.now() - start);
    graph = nameless ? withNames(conversion.graph, Object.keys(goldens[0]!.outputs)) : conversion.graph;
    row = { model: name, tfNodes: conversion.prepared.graph.size, irOps: countNodes(graph), ms, matched: '' };
    rows.push(row);
  });

  // Weights are read when the graph is written.
  afterAll(() => rm(folder, { recursive: true }));

  it('has the outputs of TensorFlow, with all sizes that do not depend on the image', () => {
    const ours = [...graph.outputs].map(([output, { type, shape }]) => [output, type, formatShape(shape)]);
    const expected = shapesOf(goldens).map(([output, shape]) => [
      output,
      'f32',
      `[${shape.map(size => size ?? '?').join()}]`,
    ]);
    expect(ours).toEqual(expected);
  });

  it('has no loops, and no choice but that of an NMS', () => {
    const nodes = topological(graph);
    expect(nodes.filter(({ op }) => LOOPS.includes(op.type))).toEqual([]);
    const choices = nodes.filter(node => is(node, If)).map(({ bodies }) => bodies.map(({ name }) => name));
    expect(choices.every(([then, otherwise]) => then === 'best' && otherwise === 'all')).toBe(true);
  });

  it('infers no size differently from OpenVINO', async () => {
    const all = withAllOutputs(graph);
    using model = await core.readModel(toMemory(all));
    const inferred = new Map(model.outputs.map(port => [port.anyName, port]));
    for (const [name, { type, shape }] of all.outputs) {
      const port = inferred.get(name)!;
      // A size may be known to only one of the two.
      const known = shape.map((size, axis) => {
        const other = port.shape[axis];
        return other === undefined || typeof size !== 'number' ? other : size;
      });
      expect([name, type, known]).toEqual([name, port.elementType, port.shape]);
    }
  });

  it('has outputs of the same sizes in OpenVINO', async () => {
    using model = await core.readModel(toMemory(graph));
    const shapes = Object.fromEntries(model.outputs.map(port => [port.anyName, port.shape]));
    expect(shapes).toEqual(Object.fromEntries(shapesOf(goldens)));
  });

  it('matches the outputs of TensorFlow', async () => {
    using model = await core.readModel(toMemory(graph));
    using compiled = await core.compileModel(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
    using request = compiled.createInferRequest();
    const largest: Record<string, number> = (differences[name] = {});
    const matched: string[] = [];
    const tooFar: (readonly [output: string, difference: number])[] = [];
    for (const { image, outputs: expected, peer } of goldens) {
      const outputs = await request.inferAsync([seededImage(...image)]);
      const wanted = detectionsIn(name => expected[name]!.values);
      const detected = detectionsIn(name => numbersOf(outputs[name]!));
      expect(detected.count).toBe(wanted.count);
      const { length } = matchDetections(wanted, detected);
      matched.push(
        `${length} of ${wanted.count}${peer === undefined ? '' : ` (OpenVINO's converter ${peer.matched})`}`,
      );
      expect(length).toBeGreaterThanOrEqual(peer?.matched ?? wanted.count);
      for (const [output, sample] of Object.entries(expected)) {
        if (DETECTIONS.has(output) || (output === INDICES && length < wanted.count)) continue;
        const difference = sampleDifference(sample, numbersOf(outputs[output]!));
        largest[output] = Math.max(largest[output] ?? 0, difference);
        if (!(difference <= Math.max(TOLERANCE, ROUNDING * (peer?.differences[output] ?? 0))))
          tooFar.push([output, difference]);
      }
    }
    row.matched = matched.join(', ');
    expect(tooFar).toEqual([]);
  });
});

/** Names the outputs of a frozen graph, which are in the order of `names`. */
const withNames = (graph: Graph, names: readonly string[]): Graph => ({
  ...graph,
  outputs: new Map([...graph.outputs.values()].map((value, i) => [names[i]!, value])),
});

type Size = number | undefined;

/** Returns the shapes of all outputs. A size is undefined if it depends on the image. */
function shapesOf([first, ...others]: readonly Golden[]): readonly (readonly [string, readonly Size[]])[] {
  const isFixed = (output: string, axis: number, size: number): boolean =>
    others.every(({ outputs }) => outputs[output]!.shape[axis] === size);
  return Object.entries(first!.outputs).map(([output, { shape }]) => [
    output,
    shape.map((size, axis) => (isFixed(output, axis, size) ? size : undefined)),
  ]);
}

function detectionsIn(values: (output: string) => ArrayLike<number>): RawDetections {
  return {
    boxes: values('detection_boxes'),
    scores: values('detection_scores'),
    classes: values('detection_classes'),
    count: values('num_detections')[0]!,
  };
}
