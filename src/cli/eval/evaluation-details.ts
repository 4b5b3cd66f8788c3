import type { CocoDataset, CocoResult } from '../../eval/coco-dataset.ts';
import { confusionOf } from '../../eval/confusion.ts';
import { readImageFile } from '../../image/read-image.ts';
import type { ImageId } from '../../results/result-writer.ts';
import { readImage } from '../../image/read-image.ts';
import type { EvaluationDetails, MissImage } from '../../report/evaluation-report.ts';

/** Lowest score of what a user would see. */
const CONFUSION_SCORE = 0.3;

/** More images make a page slow to open. */
const MAX_IMAGES = 24;

/** @param paths of images by id; empty if results of an earlier run are evaluated */
export async function evaluationDetails(
  dataset: CocoDataset,
  results: readonly CocoResult[],
  paths: ReadonlyMap<ImageId, string>,
): Promise<EvaluationDetails> {
  const confusion = confusionOf(dataset, results, CONFUSION_SCORE);
  const nameOf = new Map(dataset.categories.map(({ id, name }) => [id, name]));
  const misses: MissImage[] = [];
  for (const { imageId, objects } of confusion.misses) {
    const path = paths.get(imageId);
    if (misses.length === MAX_IMAGES) break;
    if (path === undefined) continue;
    // An unreadable image was reported before.
    const image = await readImageFile(path, path).then(bytes => readImage(bytes, path)).catch(() => undefined); // prettier-ignore
    if (image === undefined) continue;
    const named = objects.map(({ categoryId, bbox }) => ({
      label: nameOf.get(categoryId) ?? String(categoryId),
      bbox,
    }));
    misses.push({ name: path, image, objects: named });
  }
  return { confusion, misses };
}
