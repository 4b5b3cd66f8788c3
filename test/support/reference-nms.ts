import type { Limits, Shape } from './post-processing-model.ts';

export interface Found {
  readonly box: readonly number[];
  readonly score: number;
  readonly classId: number;
}

/** Boxes [images][boxes][classes or 1][4] and scores [images][boxes][classes], flat. */
export interface Candidates {
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
}

interface Options extends Limits {
  /** The only classes to find. */
  readonly keep: readonly number[];
  /** One NMS for the best class of each box. */
  readonly agnostic: boolean;
  /** Whether boxes without an area are dropped after the NMS. */
  readonly dropEmpty: boolean;
}

/** Detections of one image, best first: equal scores by class, then in the order of selection. */
export function referenceDetections(
  shape: Shape,
  candidates: Candidates,
  image: number,
  options: Options,
): readonly Found[] {
  const { boxes: count, classes, ownBoxes } = shape;
  const { keep, agnostic, dropEmpty, total } = options;
  const scoreAt = (i: number, c: number): number => candidates.scores[(image * count + i) * classes + c]!;
  const boxAt = (i: number, c: number): readonly number[] => {
    const start = ((image * count + i) * (ownBoxes ? classes : 1) + (ownBoxes ? c : 0)) * 4;
    return Array.from(candidates.boxes.subarray(start, start + 4));
  };
  const bestOf = (i: number): number => keep.reduce((best, c) => (scoreAt(i, c) > scoreAt(i, best) ? c : best));
  const all = Array.from({ length: count }, (_, i) => i);
  const lists = agnostic
    ? [all.map(i => ({ box: boxAt(i, 0), score: scoreAt(i, bestOf(i)), classId: bestOf(i) }))]
    : keep.map(c => all.map(i => ({ box: boxAt(i, c), score: scoreAt(i, c), classId: c })));
  const found = lists.flatMap(list => suppress(list, options));
  return found
    .filter(({ box: [top, left, bottom, right] }) => !dropEmpty || (bottom! - top!) * (right! - left!) !== 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, total);
}

/** Greedy NMS, in which each better box drops a box or, in soft NMS, lowers its score: best first, and then by index. */
function suppress(list: readonly Found[], { perClass, iou, score, sigma }: Limits): readonly Found[] {
  const selected: Found[] = [];
  const limit = Math.fround(iou);
  const lowest = Math.fround(score);
  const waiting = list.map((found, index) => ({ ...found, index, next: 0 })).filter(found => found.score > lowest);
  while (selected.length < perClass && waiting.length > 0) {
    const best = waiting.reduce((a, b) => (b.score > a.score || (b.score === a.score && b.index < a.index) ? b : a));
    waiting.splice(waiting.indexOf(best), 1);
    const before = best.score;
    let isDropped = false;
    for (; best.next < selected.length && !isDropped; best.next++) {
      const overlap = overlapOf(best.box, selected[best.next]!.box);
      if (sigma === 0) isDropped = overlap > limit;
      else best.score = Math.fround(best.score * Math.exp((-overlap * overlap) / (2 * sigma)));
      isDropped ||= best.score <= lowest;
    }
    if (isDropped) continue;
    if (best.score === before) selected.push({ box: best.box, score: best.score, classId: best.classId });
    else waiting.push(best);
  }
  return selected;
}

function overlapOf(a: readonly number[], b: readonly number[]): number {
  const area = ([top, left, bottom, right]: readonly number[]): number => (bottom! - top!) * (right! - left!);
  if (area(a) <= 0 || area(b) <= 0) return 0;
  const height = Math.max(0, Math.min(a[2]!, b[2]!) - Math.max(a[0]!, b[0]!));
  const width = Math.max(0, Math.min(a[3]!, b[3]!) - Math.max(a[1]!, b[1]!));
  return Math.fround((height * width) / (area(a) + area(b) - height * width));
}
