import { type Check, either, kind, listOf, number, optional, shaped, text } from '../check.ts';
import { flag, integer } from '../check.ts';

const id = either('a whole number or a text', integer, text);

const lengths = kind('four numbers: x, y, width, height', value => {
  return Array.isArray(value) && value.length === 4 && value.every(length => typeof length === 'number');
});

const segmentation = either(
  'polygons or an encoded mask',
  listOf(listOf(number)),
  shaped({ size: listOf(number), counts: either('runs', text, listOf(number)) }),
);

const object = { imageId: id, categoryId: integer, bbox: lengths, segmentation: optional(segmentation) };

export const CATEGORIES: Check = listOf(shaped({ id: integer, name: text }));

export const IMAGES: Check = listOf(shaped({ id, fileName: text, width: number, height: number }));

export const ANNOTATIONS: Check = listOf(shaped({ ...object, id, area: number, crowd: flag }));

export const RESULTS: Check = listOf(shaped({ ...object, score: number }));

export const DATASET: Check = shaped({ images: IMAGES, categories: CATEGORIES, annotations: ANNOTATIONS });
