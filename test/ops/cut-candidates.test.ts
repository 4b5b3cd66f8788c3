import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConversion } from '../../src/convert.ts';
import { Builder } from '../../src/ov/builder.ts';
import { type Graph, is, type Node, topological, type Value } from '../../src/ov/graph.ts';
import { If } from '../../src/ov/ops/control-flow.ts';
import { Gather } from '../../src/ov/ops/gather.ts';
import { Broadcast, Transpose } from '../../src/ov/ops/movement.ts';
import { NonMaxSuppression } from '../../src/ov/ops/sort.ts';
import { cutCandidates } from '../../src/ov/passes/cut-candidates.ts';
import { expandStableTopK } from '../../src/ov/passes/expand-stable-top-k.ts';
import { loadPasses } from '../../src/ov/passes/index.ts';
import { rewrite } from '../../src/ov/rewrite.ts';
import { openSource } from '../../src/platform/open-source.ts';
import { type Tensor, tensor } from '../../src/tensor/tensor.ts';
import { numbers } from './random.ts';
import { expectTensor } from './compare.ts';
import { type CompiledGraph, compileForOpenVino } from './run-on-openvino.ts';
import { writeSavedModel } from '../support/zoo-fixtures.ts';

const BOXES = 12_804;
const CLASSES = 91;

/** What an SSD does with its boxes and scores: inputs `boxes` [12804, 4] and `scores` [1, 12804, 91]. */
async function postProcessing(): Promise<Graph> {
  const folder = await mkdtemp(join(tmpdir(), 'decant-cut-'));
  try {
    await writeSavedModel('ssd_mobilenet_v2_fpnlite_320x320', folder);
    const { translated } = await runConversion(await openSource(folder));
    const passes = await loadPasses();
    const before = passes.slice(0, passes.indexOf(cutCandidates));
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

/** The graph with an NMS that lowers the scores of overlapping boxes. */
const withSoftNms = (graph: Graph): Graph =>
  rewrite(graph, (node, { b }) =>
    is(node, NonMaxSuppression) && node.inputs.length === 5
      ? b.rebuild(node, [...node.inputs, b.scalar('f32', 0.5)])
      : undefined,
  );

type Branch = 'best' | 'few' | 'more' | 'all';

interface Scene {
  /** The rows that lead to the detections: the first ones, of the best boxes; few, of these; the first ones, of more boxes; all. */
  readonly branch: Branch;
  readonly box: (
    random: () => number,
    index: number,
  ) => readonly [top: number, left: number, height: number, width: number];
  readonly score: (random: () => number, index: number, label: number) => number;
}

function inputsOf({ box, score }: Scene, seed: number): ReadonlyMap<string, Tensor> {
  const generator = numbers(seed);
  const random = (): number => generator.next().value;
  const boxes = Array.from({ length: BOXES }, (_, i) => {
    const [top, left, height, width] = box(random, i);
    return [top, left, top + height, left + width];
  });
  const scores = Float32Array.from({ length: BOXES * CLASSES }, (_, i) =>
    score(random, Math.floor(i / CLASSES), i % CLASSES),
  );
  return new Map([
    ['boxes', tensor('f32', [BOXES, 4], Float32Array.from(boxes.flat()))],
    ['scores', tensor('f32', [1, BOXES, CLASSES], scores)],
  ]);
}

const anywhere: Scene['box'] = random => [random(), random(), random() / 4, random() / 4];
const flat: Scene['box'] = random => [random(), random(), Math.max(0, random() - 0.7), 0.1];

/** Boxes 0 to 2999 are on one of five objects, and have a high score of its class. */
const OBJECT_BOXES = 3000;
const objects: Pick<Scene, 'box' | 'score'> = {
  box: (random, i) => (i < OBJECT_BOXES ? [(i % 5) / 5, (i % 5) / 5, 0.18 + random() / 100, 0.2] : anywhere(random, i)),
  score: (random, i, label) => (i < OBJECT_BOXES && label === 1 + (i % 5) ? 0.5 + random() / 2 : random() / 4),
};

const SCENES: Readonly<Record<string, Scene>> = {
  'distinct scores': { branch: 'best', box: anywhere, score: random => random() },
  'boxes without an area': { branch: 'best', box: flat, score: random => random() },
  'boxes outside of the image': {
    branch: 'best',
    box: random => [2 * random(), random() - 1, 0.3, 0.6],
    score: random => random(),
  },
  'few boxes apart': {
    branch: 'best',
    box: random => [Math.floor(3 * random()) / 3, Math.floor(3 * random()) / 3, 0.3, 0.3],
    score: random => random(),
  },
  'few scores above the threshold': {
    branch: 'few',
    box: anywhere,
    score: random => (random() < 0.00005 ? random() : 0),
  },
  'few equal scores above the threshold': {
    branch: 'few',
    box: flat,
    score: random => (random() < 0.00005 ? 0.5 : 0),
  },
  'no score above the threshold': { branch: 'few', box: anywhere, score: () => 0 },
  'many boxes on few objects': { branch: 'more', ...objects },
  'equal scores': { branch: 'more', box: anywhere, score: random => Math.floor(8 * random()) / 8 },
  'saturated scores': { branch: 'more', box: flat, score: random => Math.min(1, 4 * random()) },
  'all scores equal': { branch: 'more', box: anywhere, score: () => 0.5 },
  'more boxes above the threshold, on few objects': {
    branch: 'all',
    box: objects.box,
    score: (random, i, label) => (i < OBJECT_BOXES && label === 1 + (i % 5) ? random() : 0),
  },
  'boxes that suppress each other': {
    branch: 'all',
    box: random => [random() / 50, 0, 1, 1],
    score: random => random(),
  },
  'boxes with equal scores that suppress each other': {
    branch: 'all',
    box: random => [random() / 50, 0, 1, 1],
    score: random => Math.floor(8 * random()) / 8,
  },
};

/** Adds outputs that tell the branches. */
function withBranches(graph: Graph): Graph {
  const [first, last] = topological(graph).filter((node): node is Node => is(node, If));
  const [isKnown, enough, count] = [first!.inputs[0]!, last!.inputs[0]!, first!.outputs[2]!];
  return {
    ...graph,
    outputs: new Map([...graph.outputs, ['is known', isKnown], ['enough', enough], ['count', count]]),
  };
}

function branchOf(results: ReadonlyMap<string, Tensor>, all: number): Branch {
  const [isKnown, enough, count] = ['is known', 'enough', 'count'].map(name => Number(results.get(name)!.data[0]));
  if (enough === 1) return 'best';
  if (isKnown === 1) return 'few';
  return count! < all ? 'more' : 'all';
}

describe.each([
  ['NMS', (graph: Graph) => graph, Object.keys(SCENES)],
  [
    'soft NMS',
    withSoftNms,
    ['distinct scores', 'few scores above the threshold', 'many boxes on few objects', 'equal scores'],
  ],
] as const)('the cut before %s', (kind, change, names) => {
  let full: CompiledGraph;
  let cut: CompiledGraph;
  beforeAll(async () => {
    const graph = change(await postProcessing());
    const nms = topological(graph).find(node => is(node, NonMaxSuppression))!;
    const withCount = { ...graph, outputs: new Map([...graph.outputs, ['count', nms.outputs[2]!]]) };
    const withCut = withBranches(cutCandidates.run(graph));
    [full, cut] = await Promise.all([
      compileForOpenVino(expandStableTopK.run(withCount)),
      compileForOpenVino(expandStableTopK.run(withCut)),
    ]);
  }, 60_000);
  afterAll(() => {
    full[Symbol.dispose]();
    cut[Symbol.dispose]();
  });

  it.each(names)('keeps the detections: %s', async name => {
    const scene = SCENES[name]!;
    const branches = new Set<Branch>();
    for (const seed of kind === 'NMS' ? [1, 2] : [1]) {
      const inputs = inputsOf(scene, seed);
      const [expected, actual] = await Promise.all([full, cut].map(graph => graph.run(inputs)));
      for (const [output, value] of expected!) if (output !== 'count') expectTensor(actual!.get(output), value, 0);
      branches.add(branchOf(actual!, Number(expected!.get('count')!.data[0])));
    }
    // Soft NMS finds other rows.
    if (kind === 'NMS') expect([...branches]).toEqual([scene.branch]);
  });
});

describe.each([
  [1, 0],
  [3, 0],
  [3, 0.5],
])('the cut before NMS of one class, images: %i, sigma: %f', (images, sigma) => {
  const SCORE_THRESHOLD = 1e-8;
  let full: CompiledGraph;
  let cut: CompiledGraph;
  beforeAll(async () => {
    const b = new Builder();
    const [boxes, scores] = [
      b.parameter('boxes', 'f32', [BOXES, 4]),
      b.parameter('scores', 'f32', [1, BOXES, CLASSES]),
    ];
    const classes = b.i64(...Array.from({ length: images }, (_, i) => 1 + i));
    const ofClasses = b.add(Transpose, [b.add(Gather, [scores, classes, b.scalar('i64', 2)]), b.i64(2, 0, 1)]);
    const boxesOfImages = b.add(Broadcast, [boxes, b.i64(images, BOXES, 4)]);
    const limits = [b.scalar('i64', 100), b.scalar('f32', 0.6), b.scalar('f32', SCORE_THRESHOLD)];
    const inputs = [boxesOfImages, ofClasses, ...limits, ...(sigma === 0 ? [] : [b.scalar('f32', sigma)])];
    const outputs = b.addAll(NonMaxSuppression, inputs, { sort_result_descending: false, output_type: 'i32' });
    const graph: Graph = {
      name: 'nms',
      inputs: new Map([boxes, scores].map(value => [value.node.name, value])),
      outputs: new Map(outputs.map((value, i) => [['rows', 'row scores', 'count'][i]!, value])),
    };
    const withCut = cutCandidates.run(graph);
    const choice = topological(withCut).find(node => is(node, If))!.inputs[0]!;
    const withChoice = { ...withCut, outputs: new Map([...withCut.outputs, ['is best', choice]]) };
    [full, cut] = await Promise.all([compileForOpenVino(graph), compileForOpenVino(withChoice)]);
  }, 60_000);
  afterAll(() => {
    full[Symbol.dispose]();
    cut[Symbol.dispose]();
  });

  it.each([
    ['distinct scores', 1],
    ['boxes without an area', 1],
    ['few boxes apart', 0],
    ['few scores above the threshold', 1],
    ['no score above the threshold', 1],
    ['many boxes on few objects', 1],
    ['equal scores', 0],
    ['saturated scores', 0],
    ['all scores equal', 0],
    ['boxes that suppress each other', 0],
    ['boxes with equal scores that suppress each other', 0],
  ])('keeps the rows: %s', async (name, isBest) => {
    const inputs = inputsOf(SCENES[name]!, 3);
    const [expected, actual] = await Promise.all([full, cut].map(graph => graph.run(inputs)));
    for (const [output, value] of expected!) expectTensor(actual!.get(output), value, 0);
    expect(Number(actual!.get('is best')!.data[0])).toBe(isBest);
  });
});
