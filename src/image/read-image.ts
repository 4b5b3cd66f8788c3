import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Metadata, Sharp } from 'sharp';
import { DecantError } from '../errors.ts';
import type { Image } from './image.ts';
import { loadSharp } from './load-sharp.ts';

/** The largest picture: more pixels than any camera takes, and 0.8 GB once decoded, so that a small file cannot claim more. */
const MAX_PIXELS = 2 ** 28;

/** The largest picture file: it is read whole, and MAX_PIXELS without any compression fit. */
const MAX_FILE_BYTES = 2 ** 30;

const CONVERT = 'Convert it to JPEG or PNG.';

/**
 * Decodes a JPEG, PNG, WebP, GIF, TIFF, AVIF or SVG file, or the bytes of one, to 8-bit sRGB.
 *
 * The picture is turned upright as its EXIF orientation says, and colour profiles, CMYK, grey and 16-bit values are
 * converted. Transparent pixels are laid over white, as a page shows them (readers that just drop the alpha channel bring out
 * whatever colour hides under it, mostly black). An animation's frames are its pages.
 *
 * @param input a path, a `file:` URL, or the file's bytes
 * @param name what errors call the picture; the path by default
 * @param page which picture of a file with several, from 1
 * @throws DecantError `not-found`, `io`, `bad-image` (no picture, or one that is damaged or cut off), `limit`,
 *   `invalid-argument` (a URL of another kind)
 */
export async function readImage(input: string | URL | Uint8Array, name?: string, page = 1): Promise<Image> {
  if (input instanceof Uint8Array) return decode(input, name ?? 'the picture', page);
  const path = input instanceof URL ? toPath(input) : input;
  return decode(await readPictureFile(path), name ?? path, page);
}

/** How many pictures a file holds: the pages of a TIFF, the frames of an animation. @throws DecantError `bad-image` */
export async function countPages(bytes: Uint8Array, name: string): Promise<number> {
  const picture = await open(bytes, name);
  const { pages = 1 } = await metadataOf(picture, name);
  return pages;
}

function toPath(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new DecantError('invalid-argument', `${url.href} is not a local file`, {
      remedy: 'Fetch the picture first and give its bytes.',
      cause,
    });
  }
}

/** The bytes of a picture file. @throws DecantError `not-found`, `io`, `bad-image` for what is no file, `limit` */
export async function readPictureFile(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new DecantError('bad-image', `${path} is not a file`);
    if (info.size > MAX_FILE_BYTES) {
      throw new DecantError(
        'limit',
        `${path} is too large for a picture: ${info.size} bytes, at most ${MAX_FILE_BYTES}`,
      );
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof DecantError) throw cause;
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) {
      throw new DecantError('not-found', `there is no picture ${path}`, { cause });
    }
    throw new DecantError('io', `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Warnings are harmless (a stray byte between two markers); missing or broken pixels are errors, never grey bars. */
const OPTIONS = { failOn: 'error', limitInputPixels: false } as const;

async function open(bytes: Uint8Array, name: string, page = 1): Promise<Sharp> {
  if (bytes.byteLength === 0) throw new DecantError('bad-image', `${name} is empty`);
  return (await loadSharp())(bytes, { ...OPTIONS, ...(page > 1 && { page: page - 1 }) });
}

function metadataOf(picture: Sharp, name: string): Promise<Metadata> {
  return picture.metadata().catch((cause: unknown) => {
    throw new DecantError('bad-image', `${name} is not a picture of a known format`, { remedy: CONVERT, cause });
  });
}

async function decode(bytes: Uint8Array, name: string, page: number): Promise<Image> {
  const picture = await open(bytes, name, page);
  const { width, height } = await metadataOf(picture, name);
  if (width * height > MAX_PIXELS) {
    throw new DecantError('limit', `${name} has ${width}x${height} pixels, more than ${MAX_PIXELS}`, {
      remedy: 'Scale it down.',
    });
  }
  const { data, info } = await picture
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new DecantError(
        'bad-image',
        `${name} cannot be decoded, so it is likely damaged or cut off: ${reasonOf(cause)}`,
        { cause },
      );
    });
  if (info.channels !== 3) {
    throw new DecantError('bad-image', `${name} has ${info.channels} colour channels`, { remedy: CONVERT });
  }
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    name,
  };
}

/** The last line of a message: decoders list what they tried before what went wrong. */
const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).trim().split('\n').at(-1)!.trim();
