import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertTfModel } from '../../src/convert.ts';
import type { DetectionEncoding } from '../../src/detect/heads/detection-encoding.ts';
import type { Port } from '../../src/detect/heads/port.ts';
import { Builder } from '../../src/ov/builder.ts';
import { type Graph, is, type Node, topological } from '../../src/ov/graph.ts';
import { If, Loop } from '../../src/ov/ops/control-flow.ts';
import { TopK } from '../../src/ov/ops/sort.ts';
import { reshape } from '../../src/ov/shorthand.ts';
import { limitDetections } from '../../src/post-processing/limit-detections.ts';
import { changePostProcessing, type PostProcessing } from '../../src/post-processing/post-processing.ts';
import { numbersOf, type Tensor, tensor } from '../../src/tensor/tensor.ts';
import { applyPasses } from '../support/apply-passes.ts';
import { combinedModel, type Limits, multiClassModel, type Shape } from '../support/post-processing-model.ts';
import { type Candidates, type Found, referenceDetections } from '../support/reference-nms.ts';
import { numbers } from './random.ts';
import { type CompiledGraph, compileForOpenVino } from './run-on-openvino.ts';

interface Case extends Shape {
  readonly kind: 'multi-class' | 'agnostic' | 'combined';
  readonly limits: Limits;
}

interface Options extends Omit<PostProcessing, 'classes'> {
  readonly maxDetections?: number;
  readonly keep?: readonly number[];
}

const LIMITS: Limits = { perClass: 8, total: 12, iou: 0.5, score: 0.125, sigma: 0 };
const small: Case = { kind: 'multi-class', images: 1, boxes: 40, classes: 4, ownBoxes: false, limits: LIMITS };
const large: Case = { ...small, boxes: 2100, limits: { ...LIMITS, perClass: 30, total: 60 } };

const CASES: Readonly<Record<string, Case>> = {
  'some classes': small,
  'one class': { ...small, classes: 1 },
  'many boxes': large,
  'many boxes, one class': { ...large, classes: 1 },
  'many boxes, soft NMS': { ...large, limits: { ...large.limits, sigma: 0.5 } },
  'many boxes per class': { ...large, ownBoxes: true },
  'many boxes per class, soft NMS': { ...large, ownBoxes: true, limits: { ...large.limits, sigma: 0.5 } },
  'boxes per class': { ...small, ownBoxes: true },
  'soft NMS': { ...small, limits: { ...LIMITS, sigma: 0.5 } },
  'class-agnostic': { ...small, kind: 'agnostic' },
  'many boxes, class-agnostic': { ...large, kind: 'agnostic' },
  'CombinedNonMaxSuppression of three images': { ...small, kind: 'combined', images: 3 },
  'CombinedNonMaxSuppression of one class': { ...small, kind: 'combined', images: 2, classes: 1 },
  'CombinedNonMaxSuppression with boxes per class': { ...small, kind: 'combined', images: 2, ownBoxes: true },
  'CombinedNonMaxSuppression of one image, with boxes per class': { ...small, kind: 'combined', ownBoxes: true },
  'CombinedNonMaxSuppression of many boxes': { ...large, kind: 'combined' },
  'CombinedNonMaxSuppression of three images with many boxes': { ...large, kind: 'combined', images: 3 },
  'CombinedNonMaxSuppression of any number of images with many boxes': {
    ...large,
    kind: 'combined',
    images: 2,
    isOpen: true,
  },
  'CombinedNonMaxSuppression of any number of images with many boxes per class': {
    ...large,
    kind: 'combined',
    images: 2,
    isOpen: true,
    ownBoxes: true,
  },
};

const OPTIONS: readonly Options[] = [
  {},
  { scoreThreshold: 0.5 },
  { scoreThreshold: 0 },
  { iouThreshold: 0.25 },
  { maxDetections: 3 },
  { keep: [0] },
  { keep: [1, 3] },
  { scoreThreshold: 0.5, iouThreshold: 0.25, maxDetections: 5, keep: [3, 0] },
];

const port = (name: string, rows: number): Port => ({ names: [name], type: 'f32', shape: [undefined, rows] });

async function convert({ kind, limits, ...shape }: Case, options: Options): Promise<Graph> {
  const { maxDetections, keep, ...thresholds } = options;
  const [boxes, scores, classes, count] = [
    'detection_boxes',
    'detection_scores',
    'detection_classes',
    'num_detections',
  ].map(name => port(name, limits.total));
  const encoding: DetectionEncoding = {
    kind: 'columns',
    boxes: boxes!,
    scores: scores!,
    classes: classes!,
    count,
    format: 'yxyx',
    unit: 'fractions',
  };
  const model =
    kind === 'combined' ? combinedModel(shape, limits) : multiClassModel(shape, limits, kind === 'agnostic');
  const { graph } = await convertTfModel(model, {
    postProcess: full => changePostProcessing(full, { ...thresholds, classes: keep && { ids: keep, firstId: 0 } }),
    ...(maxDetections !== undefined && {
      limitDetections: full => limitDetections(full, encoding, maxDetections),
    }),
  });
  return graph;
}

const compile = async (one: Case, options: Options): Promise<CompiledGraph> =>
  compileForOpenVino(await convert(one, options));

it.each([
  'many boxes',
  'many boxes, one class',
  'many boxes, soft NMS',
  'many boxes, class-agnostic',
  'many boxes per class',
  'many boxes per class, soft NMS',
  'CombinedNonMaxSuppression of many boxes',
  'CombinedNonMaxSuppression of three images with many boxes',
  'CombinedNonMaxSuppression of any number of images with many boxes',
  'CombinedNonMaxSuppression of any number of images with many boxes per class',
])('the NMS of %s is cut', async name => {
  const graph = await convert(CASES[name]!, {});
  expect(branchesIn(graph)).not.toHaveLength(0);
});

const branchesIn = (graph: Graph): readonly Node[] =>
  topological(graph).flatMap(node => [...(is(node, If) ? [node] : []), ...node.bodies.flatMap(branchesIn)]);

const scene = fc.record({
  seed: fc.integer(),
  /** Scores are multiples of 1 / levels. */
  levels: fc.constantFrom(1, 4, 64, 1 << 20),
  /** Share of scores that are not 0. */
  share: fc.constantFrom(1, 0.3, 0.003, 0),
  /** Corners are multiples of 1 / 16, and boxes at most so many of them wide. */
  spread: fc.constantFrom(1, 4, 16),
  size: fc.constantFrom(0, 2, 8),
});

type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

function candidatesOf({ images, boxes, classes, ownBoxes }: Shape, scene: Scene): Candidates {
  const generator = numbers(scene.seed);
  const random = (): number => generator.next().value;
  const upTo = (most: number): number => Math.floor((most + 1) * random());
  const corners = Array.from({ length: images * boxes * (ownBoxes ? classes : 1) }, () => {
    const [top, left] = [upTo(16 - 16 / scene.spread), upTo(16 - 16 / scene.spread)];
    return [top, left, top + upTo(scene.size), left + upTo(scene.size)].map(x => Math.min(1, x / 16));
  });
  return {
    boxes: Float32Array.from(corners.flat()),
    scores: Float32Array.from({ length: images * boxes * classes }, () =>
      random() < scene.share ? Math.ceil(scene.levels * random()) / scene.levels : 0,
    ),
  };
}

const inputsFor = (
  { images, boxes: count, classes, ownBoxes }: Shape,
  { boxes, scores }: Candidates,
): ReadonlyMap<string, Tensor> =>
  new Map([
    ['boxes', tensor('f32', [images, count, ownBoxes ? classes : 1, 4], boxes)],
    ['scores', tensor('f32', [images, count, classes], scores)],
  ]);

function foundIn(outputs: ReadonlyMap<string, Tensor>, images: number): readonly Found[][] {
  const values = new Map([...outputs].map(([name, value]) => [name, Array.from(numbersOf(value))]));
  const numbersIn = (name: string): readonly number[] => values.get(name)!;
  const rows = outputs.get('detection_scores')!.shape[1]!;
  return Array.from({ length: images }, (_, image) =>
    Array.from({ length: numbersIn('num_detections')[image]! }, (__, i) => {
      const row = image * rows + i;
      const score = numbersIn('detection_scores')[row]!;
      return {
        box: numbersIn('detection_boxes').slice(4 * row, 4 * row + 4),
        score,
        classId: numbersIn('detection_classes')[row]!,
      };
    }),
  );
}

const texts = (list: readonly Found[]): readonly string[] =>
  list.map(({ box, score, classId }) => `${classId} ${score.toFixed(5)} ${box.join(' ')}`);

/** Compares lists without their order, for scores that differ by rounding, and so may be in another one. */
function expectNear(found: readonly Found[], expected: readonly Found[]): void {
  const sorted = (list: readonly Found[]): readonly (readonly [key: string, score: number])[] =>
    list
      .map(({ box, score, classId }) => [`${classId} ${box.join(' ')}`, score] as const)
      .sort(([a, first], [b, second]) => (a < b ? -1 : a > b ? 1 : first - second));
  expect(sorted(found)).toEqual(sorted(expected).map(([key, score]) => [key, expect.closeTo(score, 4) as number]));
}

/** A graph with a loop over images that also returns, for each image, whether its best boxes were enough. */
function withBranches(graph: Graph): Graph {
  const loop = topological(graph).find(node => is(node, Loop))!;
  const [body] = loop.bodies as readonly [Graph];
  const last = topological(body).findLast(node => is(node, If))!;
  const b = new Builder();
  const from = body.outputs.size;
  const outputs = new Map([...body.outputs, ['enough', reshape(b, last.inputs[0]!, 1)]]);
  const slicing = { axis: 0, start: 0, end: -1, stride: 1, part_size: 1 } as const;
  const attrs = { ...loop.attrs, outputs: [...loop.attrs.outputs, { kind: 'concatenated', from, slicing } as const] };
  const enough = b.addWithBodies(Loop, loop.inputs, attrs, [{ ...body, outputs }]).at(-1)!;
  return { ...graph, outputs: new Map([...graph.outputs, ['enough', enough]]) };
}

it('the best boxes are enough for some images of a batch, and not for others', async () => {
  const one: Case = { ...large, kind: 'combined', isOpen: true };
  using compiled = await compileForOpenVino(withBranches(await convert(one, {})));
  const apart = candidatesOf(one, { seed: 1, levels: 1 << 20, share: 1, spread: 16, size: 2 });
  const overlapping: Candidates = { ...apart, boxes: apart.boxes.map((_, i) => (i % 4 < 2 ? 0 : 1)) };
  const expected = [apart, overlapping].map(candidates =>
    referenceDetections(one, candidates, 0, { ...one.limits, keep: [0, 1, 2, 3], agnostic: false, dropEmpty: false }),
  );
  for (const order of [[0, 1], [1, 0, 1], [0], []]) {
    const images = order.map(i => [apart, overlapping][i]!);
    const joined = (part: keyof Candidates): Float32Array => Float32Array.from(images.flatMap(each => [...each[part]]));
    const batch = { ...one, images: order.length };
    const inputs = inputsFor(batch, { boxes: joined('boxes'), scores: joined('scores') });
    const outputs = await compiled.run(inputs);
    const enough = Array.from(numbersOf(outputs.get('enough')!)).slice(0, order.length);
    expect(enough).toEqual(order.map(i => [1, 0][i]!));
    expect(foundIn(outputs, order.length).map(texts)).toEqual(order.map(i => texts(expected[i]!)));
  }
});

const isSoft = ({ limits }: Case): boolean => limits.sigma > 0;

const fits = (one: Case, { keep = [], iouThreshold }: Options): boolean =>
  (keep.length === 0 || one.classes > Math.max(1, ...keep)) && (iouThreshold === undefined || !isSoft(one));

describe.each(Object.entries(CASES))('%s', (_, one) => {
  const options = OPTIONS.filter((each, i) => fits(one, each) && (one.boxes < 1000 || i === 0 || i > 4));
  it.each(options)('leads to the detections of a plain implementation, with %j', async given => {
    using compiled = await compile(one, given);
    const { maxDetections = Infinity, keep, scoreThreshold, iouThreshold } = given;
    const settings = {
      ...one.limits,
      total: Math.min(one.limits.total, maxDetections),
      score: scoreThreshold ?? one.limits.score,
      iou: iouThreshold ?? one.limits.iou,
      keep: keep?.toSorted((a, b) => a - b) ?? Array.from({ length: one.classes }, (__, i) => i),
      agnostic: one.kind === 'agnostic',
      dropEmpty: one.kind !== 'combined',
    };
    await fc.assert(
      fc.asyncProperty(scene, async drawn => {
        const candidates = candidatesOf(one, drawn);
        const found = foundIn(await compiled.run(inputsFor(one, candidates)), one.images);
        found.forEach((list, image) => {
          const expected = referenceDetections(one, candidates, image, settings);
          if (isSoft(one)) expectNear(list, expected);
          else expect(texts(list)).toEqual(texts(expected));
        });
      }),
      { numRuns: one.boxes < 1000 ? 30 : one.images === 1 ? 15 : 5 },
    );
  });
});

it.each([
  ['the IoU threshold of soft NMS', { ...small, limits: { ...LIMITS, sigma: 0.5 } }, { iouThreshold: 0.5 }, 'soft NMS'],
  ['a class that there is not', small, { keep: [4] }, 'no class 4'],
  ['classes if there is only one', { ...small, classes: 1 }, { keep: [0] }, 'cannot be told apart'],
  ['more detections than the model returns', small, { maxDetections: 13 }, 'at most 12'],
] as const)('rejects %s', async (_, one, options, message) => {
  await expect(compile(one, options)).rejects.toThrow(message);
});

describe('the peaks of a heat map', () => {
  const SHAPE = [2, 5, 6, 4];
  const MOST = 12;

  it.each<Options>([{ scoreThreshold: 0.5 }, { keep: [2] }, { scoreThreshold: 0.25, keep: [0, 3] }])(
    'are those of a plain implementation, with %j',
    async ({ scoreThreshold = 0, keep = [0, 1, 2, 3] }) => {
      const b = new Builder();
      const map = b.parameter('map', 'f32', SHAPE);
      const flat = reshape(b, map, 2, -1);
      const [scores, positions] = b.addAll(TopK, [flat, b.scalar('i32', MOST)], { axis: 1, stable: true });
      const graph: Graph = {
        name: 'peaks',
        inputs: new Map([['map', map]]),
        outputs: new Map([
          ['scores', scores!],
          ['positions', positions!],
        ]),
      };
      const changed = changePostProcessing(graph, { scoreThreshold, classes: { ids: keep, firstId: 0 } });
      using compiled = await compileForOpenVino(applyPasses(changed));
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.constantFrom(3, 1 << 20), async (seed, levels) => {
          const random = numbers(seed);
          const data = Float32Array.from({ length: 240 }, () => Math.floor(levels * random.next().value) / levels);
          const outputs = await compiled.run(new Map([['map', tensor('f32', SHAPE, data)]]));
          const peaks = [0, 1].flatMap(image =>
            Array.from(data.subarray(120 * image, 120 * (image + 1)), (score, position) => ({ score, position }))
              .filter(({ position }) => keep.includes(position % 4))
              .sort((p, q) => q.score - p.score)
              .slice(0, MOST),
          );
          const high = ({ score }: { readonly score: number }): number => (score > scoreThreshold ? score : 0);
          expect(Array.from(numbersOf(outputs.get('scores')!))).toEqual(peaks.map(high));
          expect(Array.from(numbersOf(outputs.get('positions')!))).toEqual(peaks.map(({ position }) => position));
        }),
        { numRuns: 30 },
      );
    },
  );
});
