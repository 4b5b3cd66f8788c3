import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DecantError } from '../errors.ts';
import type { CocoImage } from '../eval/coco-dataset.ts';

export interface DatasetImage {
  readonly path: string;
  readonly image: CocoImage;
}

/**
 * The files of a data set's pictures: below `folder` as the data set names them, or by their names alone.
 *
 * @param skipMissing leaves out those that are not there
 * @throws DecantError `not-found` where pictures are missing, or all of them
 */
export async function datasetImages(
  folder: string,
  images: readonly CocoImage[],
  skipMissing: boolean,
): Promise<readonly DatasetImage[]> {
  if (
    !(await stat(folder).then(
      facts => facts.isDirectory(),
      () => false,
    ))
  ) {
    throw new DecantError('not-found', `there is no folder '${folder}'`);
  }
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
    `${missing.length} of ${images.length} pictures are not in ${folder}, like '${missing[0]!}'`,
    { remedy: 'Give the folder that the paths in the annotations start from, or use --skip-missing.' },
  );
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isFile = await stat(path).then(facts => facts.isFile(), () => false); // prettier-ignore
    if (isFile) return path;
  }
  return undefined;
}
