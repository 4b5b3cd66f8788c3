import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConversion } from '../../src/convert.ts';
import { Builder } from '../../src/ov/builder.ts';
import { type Graph, is, topological, type Value } from '../../src/ov/graph.ts';
import { If } from '../../src/ov/ops/control-flow.ts';
import { NonMaxSuppression } from '../../src/ov/ops/sort.ts';
import { cutCandidates } from '../../src/ov/passes/cut-candidates.ts';
import { PASSES } from '../../src/ov/passes/index.ts';
import { rewrite } from '../../src/ov/rewrite.ts';
import { openSource } from '../../src/platform/open-source.ts';
import { type Tensor, tensor } from '../../src/tensor/tensor.ts';
import { numbers } from './random.ts';
import { expectTensor } from './compare.ts';
import { type CompiledGraph, compileForOpenVino } from './run-on-openvino.ts';
import { writeSavedModel } from '../support/zoo-fixtures.ts';

const BOXES = 1917;
const CLASSES = 91;

/** What an SSD does with its boxes and scores: inputs `boxes` [1917, 4] and `scores` [1, 1917, 91]. */
async function postProcessing(): Promise<Graph> {
  const folder = await mkdtemp(join(tmpdir(), 'decant-cut-'));
  try {
    await writeSavedModel('ssd_mobilenet_v2_320x320', folder);
    const { translated } = await runConversion(await openSource(folder));
    const before = PASSES.slice(0, PASSES.indexOf(cutCandidates));
    const graph = before.reduce((current, pass) => pass.run(current), translated);
    const nms = topological(graph).find(node => is(node, NonMaxSuppression))!;
    const b = new Builder();
    const boxes = nms.inputs[0]!.node.inputs[0]!;
    const scores = graph.outputs.get('raw_detection_scores')!;
    const inputs = new Map<Value, Value>([
      [boxes, b.parameter('boxes', 'f32', boxes.shape)],
      [scores, b.parameter('scores', 'f32', scores.shape)],
    ]);
    const cut = rewrite(graph, node => node.outputs.map(value => inputs.get(value) ?? value));
    return { ...cut, inputs: new Map([...inputs.values()].map(value => [value.node.name, value])) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly box: (random: () => number) => readonly [top: number, left: number, height: number, width: number];
  readonly score: (random: () => number) => number;
}

function inputsOf({ box, score }: Scene, seed: number): ReadonlyMap<string, Tensor> {
  const generator = numbers(seed);
  const random = (): number => generator.next().value;
  const boxes = Array.from({ length: BOXES }, () => {
    const [top, left, height, width] = box(random);
    return [top, left, top + height, left + width];
  });
  const scores = Float32Array.from({ length: BOXES * CLASSES }, () => score(random));
  return new Map([
    ['boxes', tensor('f32', [BOXES, 4], Float32Array.from(boxes.flat()))],
    ['scores', tensor('f32', [1, BOXES, CLASSES], scores)],
  ]);
}

const anywhere: Scene['box'] = random => [random(), random(), random() / 4, random() / 4];
const SCENES: Readonly<Record<string, Scene>> = {
  'distinct scores': { box: anywhere, score: random => random() },
  'equal scores': { box: anywhere, score: random => Math.floor(8 * random()) / 8 },
  'all scores equal': { box: anywhere, score: () => 0.5 },
  'boxes without an area': { box: random => [random(), random(), Math.max(0, random() - 0.7), 0.1], score: r => r() },
  'boxes outside of the image': { box: random => [2 * random(), random() - 1, 0.3, 0.6], score: random => random() },
  'boxes that suppress each other': { box: random => [random() / 50, 0, 1, 1], score: random => random() },
  'few boxes apart': { box: r => [Math.floor(3 * r()) / 3, Math.floor(3 * r()) / 3, 0.3, 0.3], score: r => r() },
  'few scores above the threshold': { box: anywhere, score: random => (random() < 0.0002 ? random() : 0) },
  'no score above the threshold': { box: anywhere, score: () => 0 },
};

describe('the cut before NMS', () => {
  let cut: Graph;
  let compiled: readonly CompiledGraph[] = [];
  beforeAll(async () => {
    const full = await postProcessing();
    cut = cutCandidates.run(full);
    compiled = await Promise.all([full, cut].map(compileForOpenVino));
  }, 60_000);
  afterAll(() => {
    for (const graph of compiled) graph[Symbol.dispose]();
  });

  it('is made', () => {
    expect(topological(cut).filter(node => is(node, If))).toHaveLength(1);
  });

  it.each(Object.entries(SCENES))('keeps the detections: %s', async (_, scene) => {
    for (const seed of [1, 2, 3]) {
      const inputs = inputsOf(scene, seed);
      const [expected, actual] = await Promise.all(compiled.map(graph => graph.run(inputs)));
      for (const [name, value] of expected!) expectTensor(actual!.get(name), value, 0);
    }
  });
});
