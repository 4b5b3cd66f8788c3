import { DecantError } from '../errors.ts';
import type { ImageId } from '../results/result-writer.ts';
import type { CocoAnnotation, CocoCategory, CocoDataset, CocoResult } from './coco-dataset.ts';
import { matchImage, type ImageMatch } from './match-image.ts';
import { boxOverlaps, type IouType, maskOverlaps, type Overlaps } from './overlap.ts';
import { precisionOf } from './precision.ts';
import { averageRecall, type CocoStats, type Curves, meanCurves, meanPrecisions, statsOf } from './stats.ts';
import type { Precisions } from './stats.ts';
import { AREAS, MAX_DETECTIONS } from './thresholds.ts';

/** How good results are: as a whole, class by class, and as precision over recall. */
export interface CocoEvaluation {
  readonly stats: CocoStats;
  /** By id. */
  readonly categories: readonly CategoryStats[];
  /** The mean over classes. */
  readonly curves: Curves;
}

/** The numbers of one class, over objects of all sizes. */
export interface CategoryStats extends CocoCategory, Pick<CocoStats, 'AP' | 'AP50' | 'AP75' | 'AR100'> {
  /** How many objects the annotations have, without crowds. */
  readonly objects: number;
  /** How many detections the results have. */
  readonly detections: number;
}

/** How results are compared with annotations. */
export interface EvaluateOptions {
  /** What is compared: boxes, `bbox`, as by default, or the pixels of masks, `segm`. */
  readonly iouType?: IouType | undefined;
}

/**
 * Compares the boxes or masks of results with those of annotations as COCO does; the numbers are those of pycocotools'
 * `COCOeval`. Results of classes that the data set does not have are left out, and so are annotations of other pictures.
 *
 * @throws DecantError `not-found` for a result of a picture that the data set does not have, `malformed` where masks are
 *   compared and one is missing
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
  { iouType = 'bbox' }: EvaluateOptions = {},
): CocoEvaluation {
  const overlaps = iouType === 'bbox' ? boxOverlaps : maskOverlaps(dataset.images);
  const pictures = [...new Set(dataset.images.map(({ id }) => id))].sort(byId);
  const known = new Set(pictures);
  refuseStrangers(known, results);
  const objects = byCategory(dataset.annotations.filter(({ imageId }) => known.has(imageId)));
  const found = byCategory(results);
  const categories = [...dataset.categories].sort((a, b) => byId(a.id, b.id));
  const rated = categories.map(category => {
    const [own, detected] = [objects.get(category.id) ?? [], found.get(category.id) ?? []];
    return { category, own, detected, precisions: precisionsOf(pictures, own, detected, overlaps) };
  });
  return {
    stats: statsOf(rated.map(({ precisions }) => precisions)),
    categories: rated.map(({ category, own, detected, precisions: { all } }) => ({
      ...category,
      objects: own.filter(({ crowd }) => !crowd).length,
      detections: detected.length,
      ...meanPrecisions(all === undefined ? [] : [all]),
      AR100: averageRecall(all === undefined ? [] : [all]),
    })),
    curves: meanCurves(rated.flatMap(({ precisions: { all } }) => all ?? [])),
  };
}

/** Numbers by value, texts as NumPy sorts them: the order of pictures decides between equal scores. */
const byId = (a: ImageId, b: ImageId): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1;

function refuseStrangers(known: ReadonlySet<ImageId>, results: readonly CocoResult[]): void {
  const stranger = results.find(({ imageId }) => !known.has(imageId));
  if (stranger === undefined) return;
  throw new DecantError('not-found', `the results speak of a picture ${stranger.imageId} that the annotations lack`, {
    remedy: 'Give the annotations that the results were made for.',
  });
}

const byCategory = <T extends { readonly categoryId: number }>(
  items: readonly T[],
): ReadonlyMap<number, readonly T[]> => groups(items, ({ categoryId }) => categoryId);

const byPicture = <T extends { readonly imageId: ImageId }>(items: readonly T[]): ReadonlyMap<ImageId, readonly T[]> =>
  groups(items, ({ imageId }) => imageId);

function groups<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const found = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = found.get(key);
    if (group === undefined) found.set(key, [item]);
    else group.push(item);
  }
  return found;
}

const [ONE, TEN, MOST] = MAX_DETECTIONS;

function precisionsOf(
  pictures: readonly ImageId[],
  objects: readonly CocoAnnotation[],
  found: readonly CocoResult[],
  overlaps: Overlaps,
): Precisions {
  const [objectsIn, foundIn] = [byPicture(objects), byPicture(found)];
  const cells = pictures
    .filter(id => objectsIn.has(id) || foundIn.has(id))
    .map(id => cellOf(objectsIn.get(id) ?? [], foundIn.get(id) ?? [], overlaps));
  const matches = (area: readonly [number, number]): readonly ImageMatch[] => cells.map(cell => cell(area));
  const all = matches(AREAS.all);
  return {
    best1: precisionOf(all, ONE),
    best10: precisionOf(all, TEN),
    all: precisionOf(all, MOST),
    small: precisionOf(matches(AREAS.small), MOST),
    medium: precisionOf(matches(AREAS.medium), MOST),
    large: precisionOf(matches(AREAS.large), MOST),
  };
}

/** Matches one class in one picture, for any range of areas. */
function cellOf(
  objects: readonly CocoAnnotation[],
  found: readonly CocoResult[],
  overlaps: Overlaps,
): (area: readonly [number, number]) => ImageMatch {
  const best = [...found].sort((a, b) => b.score - a.score).slice(0, MOST);
  const targets = objects.map(({ id, area, crowd }) => ({ area, crowd, zeroId: id === 0 }));
  const candidates = {
    scores: best.map(({ score }) => score),
    areas: best.map(({ bbox: [, , width, height] }) => width * height),
    overlaps: overlaps(best, objects),
  };
  return area => matchImage(targets, candidates, area);
}
