import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DecantError } from '../../errors.ts';
import type { CocoImage } from '../../eval/coco-dataset.ts';

export interface DatasetImage {
  readonly path: string;
  readonly image: CocoImage;
}

/**
 * Finds images by their paths in the dataset or their base names.
 *
 * @param skipMissing leaves out missing images, unless all are missing
 */
export async function datasetImages(
  folder: string,
  images: readonly CocoImage[],
  skipMissing: boolean,
): Promise<readonly DatasetImage[]> {
  const isFolder = await stat(folder).then(
    facts => facts.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new DecantError('not-found', `folder '${folder}' does not exist`);
  const found: DatasetImage[] = [];
  const missing: string[] = [];
  for (const image of images) {
    const path = await firstFile([join(folder, image.fileName), join(folder, basename(image.fileName))]);
    if (path === undefined) missing.push(image.fileName);
    else found.push({ path, image });
  }
  if (missing.length === 0 || (skipMissing && found.length > 0)) return found;
  throw new DecantError(
    'not-found',
    `${missing.length} of ${images.length} images are missing from ${folder}, such as '${missing[0]!}'`,
    { remedy: 'Name the folder that the paths in the annotations are relative to, or use --skip-missing.' },
  );
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isFile = await stat(path).then(facts => facts.isFile(), () => false); // prettier-ignore
    if (isFile) return path;
  }
  return undefined;
}
