import { describe, expect, it } from 'vitest';
import { randomTensor } from '../tensor/random-tensor.ts';
import { numbersOf } from '../tensor/tensor.ts';
import { type Nms, suppress, suppressed } from './nms.ts';
import type { RawDetections } from './raw-detections.ts';

const NMS: Nms = { iouThreshold: 0.5, scoreThreshold: 0.1, perClass: true, maxDetections: 1000 };

/** Takes the best box, and removes all that overlap it, until none is left. */
function reference({ boxes, scores, classes, count }: RawDetections, nms: Nms): readonly number[] {
  let left = Array.from({ length: count }, (_, i) => i).filter(i => scores[i]! >= nms.scoreThreshold);
  const kept: number[] = [];
  const overlap = (a: number, b: number): number => {
    const side = (i: number, axis: number): readonly [number, number] => [
      boxes[4 * i + axis]!,
      boxes[4 * i + axis + 2]!,
    ];
    const shared = [0, 1].map(axis => {
      const [low, high] = side(a, axis);
      const [otherLow, otherHigh] = side(b, axis);
      return Math.max(0, Math.min(high, otherHigh) - Math.max(low, otherLow));
    });
    const area = (i: number): number =>
      [0, 1].reduce((product, axis) => product * (side(i, axis)[1] - side(i, axis)[0]), 1);
    const both = shared[0]! * shared[1]!;
    return both / (area(a) + area(b) - both);
  };
  while (left.length > 0) {
    const best = left.reduce((a, b) => (scores[b]! > scores[a]! ? b : a));
    kept.push(best);
    left = left.filter(
      i => i !== best && ((nms.perClass && classes[i] !== classes[best]) || overlap(i, best) <= nms.iouThreshold),
    );
  }
  return kept.slice(0, nms.maxDetections);
}

function randomDetections(seed: number, count: number): RawDetections {
  const numbers = numbersOf(randomTensor('f32', [6 * count], { seed }));
  const at = (i: number, k: number): number => numbers[6 * i + k]!;
  const rows = Array.from({ length: count }, (_, i) => i);
  return {
    boxes: rows.flatMap(i => [at(i, 0), at(i, 1), at(i, 0) + 0.1 + 0.3 * at(i, 2), at(i, 1) + 0.1 + 0.3 * at(i, 3)]),
    // Some are equal.
    scores: rows.map(i => Math.round(50 * at(i, 4)) / 50),
    classes: rows.map(i => Math.floor(3 * at(i, 5))),
    count,
  };
}

describe('suppress', () => {
  it.each([
    ['of each class', {}],
    ['of all classes', { perClass: false }],
    ['with a low threshold', { iouThreshold: 0.1 }],
    ['with a high threshold', { iouThreshold: 0.9, scoreThreshold: 0 }],
    ['up to a number', { maxDetections: 7 }],
  ] satisfies [string, Partial<Nms>][])('finds the same boxes as a plain implementation %s', (_, changes) => {
    for (let seed = 0; seed < 20; seed++) {
      const raw = randomDetections(seed, 60);
      const nms = { ...NMS, ...changes };
      const kept = suppress(raw, nms);
      expect(kept).toEqual(reference(raw, nms));
      expect(kept.length).toBeGreaterThan(3);
    }
  });

  it('compares the best candidates only', () => {
    const raw = randomDetections(1, 60);
    const best = new Set([...suppress(raw, { ...NMS, iouThreshold: 1 })].slice(0, 10));
    const kept = suppress(raw, { ...NMS, maxCandidates: 10 });
    expect(kept.every(i => best.has(i))).toBe(true);
  });

  it('leaves out scores that are not numbers', () => {
    const raw = { boxes: [0, 0, 1, 1, 0, 0, 1, 1], scores: [NaN, 0.5], classes: [0, 0], count: 2 };
    expect(suppress(raw, NMS)).toEqual([1]);
  });
});

it('lowers scores of overlapping boxes with a sigma, as soft-NMS does', () => {
  const raw = {
    boxes: [0, 0, 2, 1, 1, 0, 3, 1, 0, 0, 2, 1, 5, 5, 6, 6],
    scores: [0.75, 0.5, 0.5, 0.25],
    classes: [0, 0, 1, 0],
    count: 4,
  };
  const factor = (iou: number): number => Math.exp(-(iou ** 2) / (2 * 0.25));
  const apart = suppressed(raw, { ...NMS, sigma: 0.25 });
  expect(Array.from(apart.scores)).toEqual([0.75, 0.5, expect.closeTo(0.5 * factor(1 / 3)), 0.25]);
  expect(Array.from(apart.classes)).toEqual([0, 1, 0, 0]);
  const together = suppressed(raw, { ...NMS, perClass: false, sigma: 0.25 });
  expect(Array.from(together.scores)).toEqual([0.75, expect.closeTo(0.5 * factor(1 / 3)), 0.25]);
});

it('suppressed picks boxes, masks and keypoints of the same detections', () => {
  const raw: RawDetections = {
    boxes: [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0.25, 0.25],
    scores: [0.5, 0.75, 0.25],
    classes: [1, 1, 1],
    count: 3,
    masks: { width: 2, height: 1, data: [0, 1, 2, 3, 4, 5] },
    keypoints: { perDetection: 1, positions: [0, 1, 2, 3, 4, 5], scores: undefined },
  };
  expect(suppressed(raw, NMS)).toEqual({
    boxes: Float32Array.of(0, 0, 1, 1, 0, 0, 0.25, 0.25),
    scores: Float32Array.of(0.75, 0.25),
    classes: Float32Array.of(1, 1),
    count: 2,
    masks: { width: 2, height: 1, data: Float32Array.of(2, 3, 4, 5) },
    keypoints: { perDetection: 1, positions: Float32Array.of(2, 3, 4, 5), scores: undefined },
  });
});
