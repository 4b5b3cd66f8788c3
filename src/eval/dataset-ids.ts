import { type Labels, labelOf } from '../labels/labels.ts';
import { checkArgument, integer, shaped, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { fileNameOf } from '../results/image-names.ts';
import type { DatasetIds, ImageId } from '../results/result-writer.ts';
import { CATEGORIES, IMAGES } from './check-coco.ts';
import type { CocoCategory, CocoDataset } from './coco-dataset.ts';

/**
 * Maps images and classes to the ids of a data set.
 *
 * Images match by path, by the end of the path that the data set names, or else by file name if that is unique. Classes match
 * by name, ignoring case and with `_` or `-` for spaces; a class without a name (`class 7`) matches by id.
 *
 * @example
 * ```ts
 * import { datasetIds } from 'decant';
 *
 * const images = [{ id: 7, fileName: 'photo.jpg', width: 640, height: 480 }];
 * console.log(datasetIds({ images, categories: [] }).imageIdOf('photos/photo.jpg')); // 7
 * ```
 */
export function datasetIds(dataset: Pick<CocoDataset, 'images' | 'categories'>): DatasetIds {
  checkArgument(dataset, 'the dataset', shaped({ images: IMAGES, categories: CATEGORIES }));
  const { images, categories } = dataset;
  const byPath = new Map(images.map(({ id, fileName }) => [slashes(fileName), id]));
  const byName = new Map<string, ImageId | undefined>();
  for (const { id, fileName } of images) {
    const name = fileNameOf(fileName);
    byName.set(name, byName.has(name) ? undefined : id);
  }
  const byLabel = new Map(categories.map(({ id, name }) => [normalize(name), id]));
  const ids = new Set(categories.map(({ id }) => id));
  return {
    imageIdOf(file) {
      checkArgument(file, 'the file', text);
      const ids = suffixesOf(slashes(file)).map(suffix => byPath.get(suffix));
      const id = ids.find(known => known !== undefined) ?? byName.get(fileNameOf(file));
      if (id !== undefined) return id;
      throw new DecantError('not-found', `${file} is not in the annotations`);
    },
    categoryIdOf(detection) {
      checkArgument(detection, 'the detection', shaped({ label: text, classId: integer }));
      const { label, classId } = detection;
      if (label === labelOf(NO_NAMES, classId)) return ids.has(classId) ? classId : undefined;
      return byLabel.get(normalize(label));
    },
  };
}

/** Returns the classes of a data set that the model does not know; none if the model's classes have no names. */
export function unknownCategories(categories: readonly CocoCategory[], labels: Labels): readonly CocoCategory[] {
  const known = new Set([...labels.values()].map(normalize));
  return known.size === 0 ? [] : categories.filter(({ name }) => !known.has(normalize(name)));
}

const NO_NAMES: Labels = new Map();

const normalize = (name: string): string => name.trim().toLowerCase().replaceAll(/[_-]/g, ' ');

const slashes = (path: string): string => path.replaceAll('\\', '/');

const suffixesOf = (path: string): readonly string[] => path.split('/').map((_, i, parts) => parts.slice(i).join('/'));
