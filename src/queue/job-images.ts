import { extname, resolve } from 'node:path';
import { DecantError } from '../errors.ts';
import type { Image } from '../image/image.ts';
import { readImage } from '../image/read-image.ts';
import { findInputs } from '../inputs/find-inputs.ts';
import { fetchImage } from '../image/fetch-image.ts';
import { mediaOf } from '../inputs/media-types.ts';
import { readTextFile } from '../platform/read-text-file.ts';
import { isS3, parseS3, s3Client } from './s3-client.ts';

/**
 * Resolves what a user names to images that any worker finds: files, folders, patterns, URLs, `s3://BUCKET/PREFIX`, and lists
 * of these, one per line, in files that end in `.txt`. Relative paths become absolute.
 *
 * @throws DecantError `not-found`, `invalid-argument` for videos and standard input
 */
export async function jobImages(names: readonly string[]): Promise<readonly string[]> {
  const images: string[] = [];
  for (const name of names) {
    if (isS3(name)) images.push(...(await imagesInBucket(name)));
    else if (/\.txt$/i.test(name)) images.push(...(await jobImages(linesOf(await readTextFile(name)))));
    else images.push(...(await localImages(name)));
  }
  return [...new Set(images)];
}

const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));

async function imagesInBucket(name: string): Promise<readonly string[]> {
  const place = parseS3(name);
  const keys = (await s3Client().list(place)).filter(key => mediaOf(extname(key).toLowerCase()) === 'image');
  if (keys.length > 0) return keys.map(key => `s3://${place.bucket}/${key}`);
  throw new DecantError('not-found', `'${name}' has no images`);
}

async function localImages(name: string): Promise<readonly string[]> {
  const inputs = await findInputs([name]);
  return inputs.map(({ kind, from, name: found, problem }) => {
    if (problem !== undefined) throw problem;
    if (kind === 'image' && from !== 'stdin') return from === 'file' ? resolve(found) : found;
    throw new DecantError('invalid-argument', `'${found}' is not an image that workers can read`, {
      remedy: 'Queue image files and URLs; run videos with decant detect.',
    });
  });
}

/** Reads the image of a job. */
export async function readJobImage(image: string): Promise<Image> {
  if (isS3(image)) return readImage(await s3Client().get(parseS3(image)), image);
  if (/^https?:\/\//i.test(image)) return readImage(await fetchImage(image, {}), image);
  return readImage(image);
}
