import { type Labels, labelOf } from '../labels/labels.ts';
import { DecantError } from '../errors.ts';
import { fileNameOf } from '../results/image-names.ts';
import type { DatasetIds, ImageId } from '../results/result-writer.ts';
import type { CocoCategory, CocoDataset } from './coco-dataset.ts';

/**
 * The ids that a data set has for pictures and classes.
 *
 * A picture is found by its path, or by the end of it that the data set names, or else by its file's name alone where
 * only one picture has that. A class is found by its name, whatever its case and with `_` or `-` for spaces; one without
 * a name (`class 7`) is the one with its id.
 *
 * @example
 * ```ts
 * import { datasetIds } from 'decant';
 *
 * const images = [{ id: 7, fileName: 'photo.jpg', width: 640, height: 480 }];
 * console.log(datasetIds({ images, categories: [] }).imageIdOf('photos/photo.jpg')); // 7
 * ```
 */
export function datasetIds({ images, categories }: Pick<CocoDataset, 'images' | 'categories'>): DatasetIds {
  const byPath = new Map(images.map(({ id, fileName }) => [slashes(fileName), id]));
  const byName = new Map<string, ImageId | undefined>();
  for (const { id, fileName } of images) {
    const name = fileNameOf(fileName);
    byName.set(name, byName.has(name) ? undefined : id);
  }
  const byLabel = new Map(categories.map(({ id, name }) => [plain(name), id]));
  const ids = new Set(categories.map(({ id }) => id));
  return {
    imageIdOf(file) {
      const id = endsOf(slashes(file)).map(end => byPath.get(end)).find(known => known !== undefined); // prettier-ignore
      const found = id ?? byName.get(fileNameOf(file));
      if (found !== undefined) return found;
      throw new DecantError('not-found', `${file} is not among the pictures of the annotations`);
    },
    categoryIdOf({ label, classId }) {
      if (label === labelOf(NO_NAMES, classId)) return ids.has(classId) ? classId : undefined;
      return byLabel.get(plain(label));
    },
  };
}

/** The classes of a data set that a model with these classes never finds; none where the model's classes have no names. */
export function unknownCategories(categories: readonly CocoCategory[], labels: Labels): readonly CocoCategory[] {
  const known = new Set([...labels.values()].map(plain));
  return known.size === 0 ? [] : categories.filter(({ name }) => !known.has(plain(name)));
}

const NO_NAMES: Labels = new Map();

const plain = (name: string): string => name.trim().toLowerCase().replaceAll(/[_-]/g, ' ');

const slashes = (path: string): string => path.replaceAll('\\', '/');

/** `a/b/c.jpg`, `b/c.jpg`, `c.jpg`. */
const endsOf = (path: string): readonly string[] => path.split('/').map((_, i, parts) => parts.slice(i).join('/'));
