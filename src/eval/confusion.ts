import type { CocoAnnotation, CocoDataset, CocoResult } from './coco-dataset.ts';
import { boxOverlaps } from './overlap.ts';
import type { ImageId } from '../results/result-writer.ts';

/** Objects and results are compared at this IoU, regardless of their classes. */
export const CONFUSION_IOU = 0.5;

/** What was found in place of what, and what was not found. Crowds do not count. */
export interface Confusion {
  /** Lowest score of the results that count. */
  readonly threshold: number;
  /** By annotated class and found class; undefined is nothing. */
  readonly counts: readonly ConfusionCount[];
  /** Images with missed objects, those with the most first. */
  readonly misses: readonly MissedObjects[];
}

export interface ConfusionCount {
  readonly annotated: number | undefined;
  readonly found: number | undefined;
  readonly count: number;
}

export interface MissedObjects {
  readonly imageId: ImageId;
  readonly objects: readonly CocoAnnotation[];
}

/** Matches objects and results greedily, by descending score: each result takes the free object with the largest IoU. */
export function confusionOf(
  { images, annotations }: Pick<CocoDataset, 'images' | 'annotations'>,
  results: readonly CocoResult[],
  threshold: number,
): Confusion {
  const counts = new Map<string, ConfusionCount>();
  const add = (annotated: number | undefined, found: number | undefined): void => {
    const key = `${annotated ?? ''} ${found ?? ''}`;
    counts.set(key, { annotated, found, count: (counts.get(key)?.count ?? 0) + 1 });
  };
  const misses: MissedObjects[] = [];
  const objectsOf = byImage(annotations.filter(({ crowd }) => !crowd));
  const foundIn = byImage(results.filter(({ score }) => score >= threshold));
  for (const { id: imageId } of images) {
    const objects = objectsOf.get(imageId) ?? [];
    const found = (foundIn.get(imageId) ?? []).toSorted((a, b) => b.score - a.score);
    const matched = new Set<number>();
    const overlaps = boxOverlaps(found, objects);
    for (const [i, { categoryId }] of found.entries()) {
      // Of equals, an object of the same class.
      const ranks = overlaps[i]!.map((overlap, k) =>
        objects[k]!.categoryId === categoryId ? overlap + 1e-9 : overlap,
      );
      const best = bestFree(ranks, matched);
      if (best !== undefined) matched.add(best);
      add(best === undefined ? undefined : objects[best]!.categoryId, categoryId);
    }
    const missed = objects.filter((_, i) => !matched.has(i));
    for (const { categoryId } of missed) add(categoryId, undefined);
    if (missed.length > 0) misses.push({ imageId, objects: missed });
  }
  return {
    threshold,
    counts: [...counts.values()],
    misses: misses.toSorted((a, b) => b.objects.length - a.objects.length),
  };
}

function byImage<T extends { readonly imageId: ImageId }>(items: readonly T[]): ReadonlyMap<ImageId, readonly T[]> {
  const groups = new Map<ImageId, T[]>();
  for (const item of items) {
    const group = groups.get(item.imageId);
    if (group === undefined) groups.set(item.imageId, [item]);
    else group.push(item);
  }
  return groups;
}

function bestFree(overlaps: readonly number[], matched: ReadonlySet<number>): number | undefined {
  let best: number | undefined;
  for (const [i, overlap] of overlaps.entries()) {
    if (overlap < CONFUSION_IOU || matched.has(i)) continue;
    if (best === undefined || overlap > overlaps[best]!) best = i;
  }
  return best;
}
