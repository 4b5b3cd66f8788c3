import { DecantError } from '../errors.ts';
import type { Image } from './image.ts';
import { loadSharp } from './load-sharp.ts';

/** The formats in which pictures are written. */
export type ImageFormat = 'png' | 'jpeg' | 'webp';

const FORMATS: Readonly<Record<string, ImageFormat>> = { png: 'png', jpg: 'jpeg', jpeg: 'jpeg', webp: 'webp' };

/** High enough that text shows no rings around its letters. */
const QUALITY = 92;

/** The format that a file's extension asks for. @throws DecantError `invalid-argument` for one that cannot be written */
export function imageFormatOf(path: string): ImageFormat {
  const extension = /\.([^./\\]*)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
  if (format !== undefined) return format;
  throw new DecantError('invalid-argument', `${path} does not say a format that pictures can be written in`, {
    remedy: 'End its name in .png, .jpg or .webp.',
  });
}

/** The bytes of a picture file. @throws DecantError `invalid-argument` when the format has no room for that many pixels */
export async function encodeImage(image: Image, format: ImageFormat): Promise<Uint8Array> {
  const { width, height, data } = image;
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .toFormat(format, {
      // Thin lines and small letters smear where colours are kept at half the resolution.
      ...(format === 'jpeg' ? { quality: QUALITY, chromaSubsampling: '4:4:4' } : {}),
      ...(format === 'webp' ? { quality: QUALITY, smartSubsample: true } : {}),
    })
    .toBuffer()
    .catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DecantError('invalid-argument', `${width}x${height} pixels cannot be written as ${format}: ${reason}`, {
        remedy: 'Write the picture as PNG.',
        cause,
      });
    });
}
