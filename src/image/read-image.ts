import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { atLeast, checkArgument, either, kind, optional, text } from '../check.ts';
import { DecantError } from '../errors.ts';
import { type Bytes, isBytes, readBytes } from '../source/bytes.ts';
import { CONVERT, COPY_AGAIN, isBmp } from './bmp-header.ts';
import { decodeBmp } from './decode-bmp.ts';
import type { Image } from './image.ts';
import { isSvg } from './is-svg.ts';
import { loadSharp } from './load-sharp.ts';
import { checkPixels, MAX_PIXELS } from './pixel-limit.ts';
import { rasterizeSvg } from './rasterize-svg.ts';

const MAX_FILE_BYTES = 2 ** 30;

/** Far more than the largest image takes. */
const MAX_SECONDS = 60;

/**
 * Decodes a JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP or SVG file to 8-bit sRGB.
 *
 * Applies the EXIF orientation, and converts color profiles, CMYK, gray and 16-bit values. Transparent pixels are blended
 * over white, as a browser shows them; dropping the alpha channel would uncover hidden colors, mostly black.
 *
 * @param input a path, a `file:` URL, or the bytes of a file
 * @param name the image's name in errors; the path by default
 * @param page the page of a TIFF or frame of an animation, from 1
 * @throws DecantError `not-found`, `io`, `bad-image` if the file is not an image, or is corrupt or truncated, `limit` if it is
 *   too large, `invalid-argument` if a URL is not a `file:` URL
 *
 * @example
 * ```ts
 * import { readImage } from 'decant';
 *
 * const { width, height, data } = await readImage('photo.jpg');
 * console.log(width, height, data.length === width * height * 3);
 * ```
 */
export async function readImage(input: string | URL | Bytes, name?: string, page = 1): Promise<Image> {
  checkArgument(
    input,
    'the image',
    either('a path, a URL or bytes', text, kind('a URL', isUrl), kind('bytes', isBytes)),
  );
  checkArgument(name, 'the name', optional(text));
  checkArgument(page, 'the page', atLeast(1));
  if (isBytes(input)) return decodeImage(await readBytes(input, name ?? 'the image'), name ?? 'the image', page);
  const path = input instanceof URL ? toPath(input) : input;
  return decodeImage(await readImageFile(path), name ?? path, page);
}

const isUrl = (value: unknown): boolean => value instanceof URL;

export async function countPages(bytes: Uint8Array, name: string): Promise<number> {
  if (isBmp(bytes) || isSvg(bytes)) return 1;
  const { pages = 1 } = await metadataOf(bytes, name);
  return pages;
}

function toPath(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new DecantError('invalid-argument', `${url.href} is not a file: URL`, {
      remedy: 'Fetch the image first, and pass its bytes.',
      cause,
    });
  }
}

export async function readImageFile(path: string, bytePath: string | Buffer = path): Promise<Uint8Array> {
  try {
    const info = await stat(bytePath);
    if (!info.isFile()) throw new DecantError('bad-image', `${path} is not a file`);
    if (info.size > MAX_FILE_BYTES) {
      throw new DecantError(
        'limit',
        `${path} is too large for an image: ${info.size} bytes, the maximum is ${MAX_FILE_BYTES}`,
      );
    }
    return await readFile(bytePath);
  } catch (cause) {
    if (cause instanceof DecantError) throw cause;
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) {
      throw new DecantError('not-found', `${path} does not exist`, { cause });
    }
    throw new DecantError('io', `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Tolerates warnings, such as a stray byte between markers, but not missing or corrupt pixels, which would be gray. */
const OPTIONS = { failOn: 'error', limitInputPixels: false } as const;

async function open(bytes: Uint8Array, name: string, options?: SharpOptions): Promise<Sharp> {
  if (bytes.byteLength === 0) {
    throw new DecantError('bad-image', `${name} is empty`, { remedy: COPY_AGAIN });
  }
  return (await loadSharp())(bytes, { ...OPTIONS, ...options });
}

async function metadataOf(bytes: Uint8Array, name: string, page = 1): Promise<Metadata> {
  const image = await open(bytes, name, { page: page - 1 });
  return image.metadata().catch((cause: unknown) => {
    throw new DecantError('bad-image', `${name} is not an image in a supported format`, { remedy: CONVERT, cause });
  });
}

/** `readImage` for bytes. @param maxPixels the most pixels that are decoded */
export async function decodeImage(bytes: Uint8Array, name: string, page = 1, maxPixels = MAX_PIXELS): Promise<Image> {
  if (isBmp(bytes)) return decodeBmp(bytes, name, maxPixels);
  if (isSvg(bytes)) return decodeImage(await rasterizeSvg(bytes, name), name, 1, maxPixels);
  if (!isJpeg(bytes)) await checkSize(bytes, name, page, maxPixels);
  const image = await open(bytes, name, { limitInputPixels: maxPixels, page: page - 1 });
  const { data, info } = await image
    .timeout({ seconds: MAX_SECONDS })
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(async (cause: unknown) => {
      throw await explain(cause, bytes, name, page, maxPixels);
    });
  if (info.channels !== 3) {
    throw new DecantError('bad-image', `${name} has ${info.channels} color channels instead of 3`, { remedy: CONVERT });
  }
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    name,
  };
}

/** JPEGs have sides of at most 65,535 pixels; reading their size takes up to a tenth of the time of decoding them. */
const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

async function checkSize(bytes: Uint8Array, name: string, page: number, maxPixels: number): Promise<void> {
  const { width, height } = await metadataOf(bytes, name, page);
  checkPixels(name, width, height, maxPixels);
}

async function explain(
  cause: unknown,
  bytes: Uint8Array,
  name: string,
  page: number,
  maxPixels: number,
): Promise<DecantError> {
  await checkSize(bytes, name, page, maxPixels);
  if (!reasonOf(cause).startsWith('timeout:')) {
    const message = `${name} is corrupt or truncated: ${reasonOf(cause)}`;
    return new DecantError('bad-image', message, { remedy: COPY_AGAIN, cause });
  }
  return new DecantError('limit', `${name} takes longer than ${MAX_SECONDS} s to decode`, { remedy: CONVERT, cause });
}

/** Returns the last line of a message: before it, decoders list what they tried. */
const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).trim().split('\n').at(-1)!.trim();
