import { DecantError } from '../errors.ts';
import type { BoxLengths, CocoAnnotation, CocoDataset, CocoResult } from './coco-dataset.ts';
import { JsonPlace } from './json-place.ts';
import { parseSegmentation } from './parse-segmentation.ts';

/**
 * The annotations of objects from the text of a COCO file (`instances_val2017.json`). Where an annotation gives no area it
 * is that of the box, and where it gives no id it is its place in the file, from 1.
 *
 * @param name what errors call the file
 * @throws DecantError `malformed` with the place
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { parseCocoDataset } from 'decant';
 *
 * const dataset = parseCocoDataset(await readFile('annotations.json', 'utf8'), 'annotations.json');
 * console.log(dataset.images.length, dataset.categories.length);
 * ```
 */
export function parseCocoDataset(text: string, name: string): CocoDataset {
  const file = JsonPlace.parse(text, name);
  if (Array.isArray(file.value)) {
    throw new DecantError('malformed', `${name} holds results, not annotations`, {
      remedy: 'Give the file with "images", "annotations" and "categories"; results go into --results.',
    });
  }
  const images = file
    .field('images')
    .items()
    .map(image => ({
      id: image.field('id').id(),
      fileName: image.optional('file_name')?.text() ?? '',
      width: image.optional('width')?.number() ?? 0,
      height: image.optional('height')?.number() ?? 0,
    }));
  const categories = file
    .field('categories')
    .items()
    .map(category => ({ id: category.field('id').integer(), name: category.field('name').text() }));
  const annotations = file.field('annotations').items().map(parseAnnotation);
  refuseTwice(categories, `${name}.categories`);
  refuseTwice(annotations, `${name}.annotations`);
  return { images, categories, annotations };
}

function parseAnnotation(annotation: JsonPlace, index: number): CocoAnnotation {
  const bbox = parseBox(annotation.field('bbox'));
  return {
    id: annotation.optional('id')?.id() ?? index + 1,
    imageId: annotation.field('image_id').id(),
    categoryId: annotation.field('category_id').integer(),
    bbox,
    area: annotation.optional('area')?.number() ?? bbox[2] * bbox[3],
    crowd: (annotation.optional('iscrowd')?.value ?? 0) !== 0,
    segmentation: parseSegmentation(annotation.optional('segmentation')),
  };
}

/**
 * Results from the text of a file that is one array of `{image_id, category_id, bbox, score}`.
 *
 * @param name what errors call the file
 * @throws DecantError `malformed` with the place
 *
 * @example
 * ```ts
 * import { parseCocoResults } from 'decant';
 *
 * const text = '[{"image_id": 7, "category_id": 18, "bbox": [12, 10, 100, 50], "score": 0.8}]';
 * console.log(parseCocoResults(text, 'results.json').length); // 1
 * ```
 */
export const parseCocoResults = (text: string, name: string): readonly CocoResult[] =>
  JsonPlace.parse(text, name)
    .items()
    .map(result => ({
      imageId: result.field('image_id').id(),
      categoryId: result.field('category_id').integer(),
      bbox: parseBox(result.field('bbox')),
      score: result.field('score').number(),
      segmentation: parseSegmentation(result.optional('segmentation')),
    }));

function parseBox(box: JsonPlace): BoxLengths {
  const [x, y, width, height, ...more] = box.items().map(length => length.number());
  if (x === undefined || y === undefined || width === undefined || height === undefined || more.length > 0) {
    return box.fail('is not four numbers: x, y, width, height');
  }
  if (width < 0 || height < 0) return box.fail('has a size below 0');
  return [x, y, width, height];
}

function refuseTwice(items: readonly { readonly id: number | string }[], place: string): void {
  const seen = new Set<number | string>();
  for (const { id } of items) {
    if (seen.has(id)) throw new DecantError('malformed', `${place} has the id ${id} twice`);
    seen.add(id);
  }
}
