import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertStages, type Stages } from '../../src/convert.ts';
import { countNodes, topological } from '../../src/ov/graph.ts';
import { openSource } from '../../src/platform/open-source.ts';
import { formatShape } from '../../src/tensor/dim.ts';
import { numbersOf } from '../../src/tensor/tensor.ts';
import { core } from '../openvino.ts';
import { seededPicture } from '../seeded.ts';
import { type Golden, readGoldens, writeFrozenGraph, writeSavedModel, ZOO } from '../zoo-fixtures.ts';
import { toMemory, withAllOutputs } from './graphs.ts';
import { type Found, matchDetections } from './match-detections.ts';
import { sampleDifference } from './sample-difference.ts';

interface Case {
  readonly name: string;
  readonly model: string;
  /** Writes the model into a folder; returns the path to convert. */
  readonly write: (folder: string) => Promise<string>;
}

const FROZEN = 'ssd_mobilenet_v2_320x320';

const CASES: readonly Case[] = [
  ...ZOO.map(model => ({
    name: model,
    model,
    write: async (folder: string) => {
      await writeSavedModel(model, folder);
      return folder;
    },
  })),
  ...(['functional', 'lowered'] as const).map(kind => ({
    name: `${FROZEN} (frozen, ${kind})`,
    model: FROZEN,
    write: async (folder: string) => {
      const path = join(folder, `${kind}.pb`);
      await writeFrozenGraph(FROZEN, kind, path);
      return path;
    },
  })),
];

/** Outputs that are compared as detections: two that are nearly alike may change their places. */
const DETECTIONS = new Set(['detection_boxes', 'detection_scores', 'detection_classes']);

const LOOPS = ['Loop', 'TensorIterator', 'If'];

interface Row {
  readonly model: string;
  /** Nodes of the closed TensorFlow graph. */
  readonly tfNodes: number;
  readonly irOps: number;
  readonly ms: number;
  matched: string;
}

const rows: Row[] = [];

/** The largest difference of each output over all pictures, as a share of its range. */
const differences: Record<string, Record<string, number>> = {};

afterAll(() => {
  if (process.env['npm_lifecycle_event'] !== 'report:zoo') return;
  /* eslint-disable no-console */
  console.table(rows);
  console.dir(differences);
});

describe.each(CASES)('$name', ({ name, model, write }) => {
  let stages: Stages;
  let goldens: readonly Golden[];
  let row: Row;

  beforeAll(async () => {
    goldens = await readGoldens(model);
    const folder = await mkdtemp(join(tmpdir(), 'decant-zoo-'));
    try {
      const path = await write(folder);
      const start = performance.now();
      stages = await convertStages(await openSource(path), { compressToFp16: false });
      const ms = Math.round(performance.now() - start);
      const [tfNodes, irOps] = [stages.closed.graph.size, countNodes(stages.graph)];
      row = { model: name, tfNodes, irOps, ms, matched: '' };
      rows.push(row);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has the outputs of TensorFlow, of fixed shapes', () => {
    const ours = [...stages.graph.outputs].map(([output, { type, shape }]) => [output, type, formatShape(shape)]);
    const expected = Object.entries(goldens[0]!.outputs).map(([output, { shape }]) => [
      output,
      'f32',
      formatShape(shape),
    ]);
    expect(ours).toEqual(expected);
  });

  it('has no loops', () => {
    const types = topological(stages.graph).map(({ op }) => op.type);
    expect(types.filter(type => LOOPS.includes(type))).toEqual([]);
  });

  it('has the shapes that OpenVINO infers, as far as it sees them', async () => {
    const all = withAllOutputs(stages.graph);
    using model = await core.readModel(toMemory(all));
    const inferred = new Map(model.outputs.map(port => [port.anyName, port]));
    for (const [name, { type, shape }] of all.outputs) {
      const port = inferred.get(name)!;
      const known = shape.map((size, axis) => (port.shape[axis] === undefined ? undefined : size));
      expect([name, type, known]).toEqual([name, port.elementType, port.shape]);
    }
  });

  it('has outputs of which OpenVINO, too, knows every size', async () => {
    using model = await core.readModel(toMemory(stages.graph));
    const shapes = Object.fromEntries(model.outputs.map(port => [port.anyName, port.shape]));
    const expected = Object.entries(goldens[0]!.outputs).map(([output, { shape }]) => [output, shape]);
    expect(shapes).toEqual(Object.fromEntries(expected));
  });

  it('answers as TensorFlow does', async () => {
    using model = await core.readModel(toMemory(stages.graph));
    using compiled = await core.compileModel(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
    using request = compiled.createInferRequest();
    const largest: Record<string, number> = (differences[name] = {});
    const matched: string[] = [];
    for (const { picture, outputs: expected } of goldens) {
      const outputs = await request.inferAsync([seededPicture(...picture)]);
      const wanted = foundIn(name => expected[name]!.values);
      const found = foundIn(name => numbersOf(outputs[name]!));
      expect(found.count).toBe(wanted.count);
      matched.push(`${matchDetections(wanted, found)} of ${wanted.count}`);
      for (const [output, sample] of Object.entries(expected)) {
        if (DETECTIONS.has(output)) continue;
        const difference = sampleDifference(sample, numbersOf(outputs[output]!));
        largest[output] = Math.max(largest[output] ?? 0, difference);
      }
    }
    row.matched = matched.join(', ');
    expect(matched).toEqual(
      goldens.map(({ outputs }) => {
        const count = outputs['num_detections']!.values[0]!;
        return `${count} of ${count}`;
      }),
    );
    expect(Object.entries(largest).filter(([, difference]) => !(difference <= 1e-3))).toEqual([]);
  });
});

function foundIn(values: (output: string) => ArrayLike<number>): Found {
  return {
    boxes: values('detection_boxes'),
    scores: values('detection_scores'),
    classes: values('detection_classes'),
    count: values('num_detections')[0]!,
  };
}
