import { checkArgument, checkOptions, oneOf } from '../check.ts';
import { DecantError } from '../errors.ts';
import type { ImageId } from '../results/result-writer.ts';
import { DATASET, RESULTS } from './check-coco.ts';
import type { CocoAnnotation, CocoCategory, CocoDataset, CocoResult } from './coco-dataset.ts';
import { type AreaRange, type ImageMatch, matchImage } from './match-image.ts';
import { boxOverlaps, type IouType, maskOverlaps, type Overlaps } from './overlap.ts';
import { precisionOf } from './precision.ts';
import { averageRecall, type CocoStats, type Curves, meanCurves, meanPrecisions, statsOf } from './stats.ts';
import type { Precisions } from './stats.ts';
import { AREA_RANGES, MAX_DETECTIONS } from './thresholds.ts';

/** COCO metrics: overall, per class (sorted by id), and as precision over recall (the mean over classes). */
export interface CocoEvaluation {
  readonly stats: CocoStats;
  readonly categories: readonly CategoryStats[];
  readonly curves: Curves;
}

/** Metrics of one class, for objects of all sizes; `objects` excludes crowds. */
export interface CategoryStats extends CocoCategory, Pick<CocoStats, 'AP' | 'AP50' | 'AP75' | 'AR100'> {
  readonly objects: number;
  readonly detections: number;
  /** Precision at an IoU of 0.5 and recalls 0, 0.01, to 1; -1 without objects. */
  readonly curve: readonly number[];
}

/** Options of `evaluateCoco`, which compares boxes by default. */
export interface EvaluateOptions {
  readonly iouType?: IouType | undefined;
}

/**
 * Evaluates results against annotations; the metrics equal those of pycocotools' `COCOeval`. Ignores results of classes, and
 * annotations of images, that the data set does not list.
 *
 * @throws DecantError `not-found` if a result refers to an unknown image, `malformed` if masks are compared and one is missing
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { evaluateCoco, parseCocoDataset, parseCocoResults } from 'decant';
 *
 * const dataset = parseCocoDataset(await readFile('annotations.json', 'utf8'), 'annotations.json');
 * const results = parseCocoResults(await readFile('results.json', 'utf8'), 'results.json');
 * console.log(evaluateCoco(dataset, results).stats.AP);
 * ```
 */
export function evaluateCoco(
  dataset: CocoDataset,
  results: readonly CocoResult[],
  options: EvaluateOptions = {},
): CocoEvaluation {
  checkArgument(dataset, 'the dataset', DATASET);
  checkArgument(results, 'the results', RESULTS);
  checkOptions(options, { iouType: oneOf('bbox', 'segm') });
  const { iouType = 'bbox' } = options;
  const overlaps = iouType === 'bbox' ? boxOverlaps : maskOverlaps(dataset.images);
  const imageIds = [...new Set(dataset.images.map(({ id }) => id))].sort(byId);
  const known = new Set(imageIds);
  checkImageIds(known, results);
  const annotationsOf = byCategory(dataset.annotations.filter(({ imageId }) => known.has(imageId)));
  const resultsOf = byCategory(results);
  const categories = [...dataset.categories].sort((a, b) => byId(a.id, b.id));
  const evaluated = categories.map(category => {
    const objects = annotationsOf.get(category.id) ?? [];
    const detections = resultsOf.get(category.id) ?? [];
    return { category, objects, detections, precisions: precisionsOf(imageIds, objects, detections, overlaps) };
  });
  return {
    stats: statsOf(evaluated.map(({ precisions }) => precisions)),
    categories: evaluated.map(({ category, objects, detections, precisions: { all } }) => ({
      ...category,
      objects: objects.filter(({ crowd }) => !crowd).length,
      detections: detections.length,
      ...meanPrecisions(all === undefined ? [] : [all]),
      AR100: averageRecall(all === undefined ? [] : [all]),
      curve: meanCurves(all === undefined ? [] : [all]).AP50,
    })),
    curves: meanCurves(evaluated.flatMap(({ precisions: { all } }) => all ?? [])),
  };
}

/** Sorts like NumPy, because the order of images decides between equal scores. */
function byId(a: ImageId, b: ImageId): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}

function checkImageIds(known: ReadonlySet<ImageId>, results: readonly CocoResult[]): void {
  const unknown = results.find(({ imageId }) => !known.has(imageId));
  if (unknown === undefined) return;
  throw new DecantError('not-found', `results refer to image ${unknown.imageId}, which is not in the annotations`, {
    remedy: 'Use the annotations that the results were made with.',
  });
}

const byCategory = <T extends { readonly categoryId: number }>(
  items: readonly T[],
): ReadonlyMap<number, readonly T[]> => groupBy(items, ({ categoryId }) => categoryId);

const byImage = <T extends { readonly imageId: ImageId }>(items: readonly T[]): ReadonlyMap<ImageId, readonly T[]> =>
  groupBy(items, ({ imageId }) => imageId);

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

const [ONE, TEN, HUNDRED] = MAX_DETECTIONS;

function precisionsOf(
  imageIds: readonly ImageId[],
  objects: readonly CocoAnnotation[],
  detections: readonly CocoResult[],
  overlaps: Overlaps,
): Precisions {
  const objectsIn = byImage(objects);
  const detectionsIn = byImage(detections);
  const matchers = imageIds
    .filter(id => objectsIn.has(id) || detectionsIn.has(id))
    .map(id => imageMatcher(objectsIn.get(id) ?? [], detectionsIn.get(id) ?? [], overlaps));
  const matches = (areas: AreaRange): readonly ImageMatch[] => matchers.map(match => match(areas));
  const all = matches(AREA_RANGES.all);
  return {
    best1: precisionOf(all, ONE),
    best10: precisionOf(all, TEN),
    all: precisionOf(all, HUNDRED),
    small: precisionOf(matches(AREA_RANGES.small), HUNDRED),
    medium: precisionOf(matches(AREA_RANGES.medium), HUNDRED),
    large: precisionOf(matches(AREA_RANGES.large), HUNDRED),
  };
}

/** Matches one class in one image; overlaps are computed once for all ranges of areas. */
function imageMatcher(
  objects: readonly CocoAnnotation[],
  detections: readonly CocoResult[],
  overlaps: Overlaps,
): (areas: AreaRange) => ImageMatch {
  const best = [...detections].sort((a, b) => b.score - a.score).slice(0, HUNDRED);
  const targets = objects.map(({ id, area, crowd }) => ({ area, crowd, zeroId: id === 0 }));
  const candidates = {
    scores: best.map(({ score }) => score),
    areas: best.map(({ bbox: [, , width, height] }) => width * height),
    overlaps: overlaps(best, objects),
  };
  return areas => matchImage(targets, candidates, areas);
}
