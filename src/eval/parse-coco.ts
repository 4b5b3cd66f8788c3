import { DecantError } from '../errors.ts';
import type { BoxLengths, CocoAnnotation, CocoDataset, CocoResult } from './coco-dataset.ts';
import { JsonValue } from './json-value.ts';
import { parseSegmentation } from './parse-segmentation.ts';

/**
 * Parses a COCO annotation file (`instances_val2017.json`). A missing area defaults to that of the box, a missing id to the
 * position in the file, from 1.
 *
 * @param name the file's name in errors
 * @throws DecantError `malformed`, with the path of the value
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
  const file = JsonValue.parse(text, name);
  if (Array.isArray(file.value)) {
    throw new DecantError('malformed', `${name} contains results, not annotations`, {
      remedy: 'Use the file with "images", "annotations" and "categories", and pass results with --results.',
    });
  }
  const images = file
    .field('images')
    .items()
    .map(image => ({
      id: image.field('id').id(),
      fileName: image.optional('file_name')?.text() ?? '',
      width: parseLength(image.optional('width')),
      height: parseLength(image.optional('height')),
    }));
  const categories = file
    .field('categories')
    .items()
    .map(category => ({ id: category.field('id').integer(), name: category.field('name').text() }));
  const annotations = file.field('annotations').items().map(parseAnnotation);
  checkUnique(images, `${name}.images`);
  checkUnique(categories, `${name}.categories`);
  checkUnique(annotations, `${name}.annotations`);
  return { images, categories, annotations };
}

/** Widest and highest images, in pixels: more than any format of images stores. */
const MAX_LENGTH = 2 ** 20;

function parseLength(length: JsonValue | undefined): number {
  const pixels = length?.number() ?? 0;
  return pixels >= 0 && pixels <= MAX_LENGTH ? pixels : length!.fail(`is not from 0 to ${MAX_LENGTH}`);
}

function parseAnnotation(annotation: JsonValue, index: number): CocoAnnotation {
  const bbox = parseBox(annotation.field('bbox'));
  return {
    id: annotation.optional('id')?.id() ?? index + 1,
    imageId: annotation.field('image_id').id(),
    categoryId: annotation.field('category_id').integer(),
    bbox,
    area: parseArea(annotation.optional('area')) ?? bbox[2] * bbox[3],
    crowd: annotation.optional('iscrowd')?.flag() ?? false,
    segmentation: parseSegmentation(annotation.optional('segmentation')),
  };
}

function parseArea(area: JsonValue | undefined): number | undefined {
  const pixels = area?.number();
  return pixels !== undefined && pixels < 0 ? area!.fail('is negative') : pixels;
}

/**
 * Parses a COCO results file: an array of `{image_id, category_id, bbox, score}`.
 *
 * @param name the file's name in errors
 * @throws DecantError `malformed`, with the path of the value
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
  JsonValue.parse(text, name)
    .items()
    .map(result => ({
      imageId: result.field('image_id').id(),
      categoryId: result.field('category_id').integer(),
      bbox: parseBox(result.field('bbox')),
      score: result.field('score').number(),
      segmentation: parseSegmentation(result.optional('segmentation')),
    }));

function parseBox(box: JsonValue): BoxLengths {
  const [x, y, width, height, ...more] = box.items().map(length => length.number());
  if (x === undefined || y === undefined || width === undefined || height === undefined || more.length > 0) {
    return box.fail('is not four numbers: x, y, width, height');
  }
  if (width < 0 || height < 0) return box.fail('has a negative width or height');
  return [x, y, width, height];
}

function checkUnique(items: readonly { readonly id: number | string }[], path: string): void {
  const seen = new Set<number | string>();
  for (const { id } of items) {
    if (seen.has(id)) throw new DecantError('malformed', `${path} has duplicate id ${id}`);
    seen.add(id);
  }
}
