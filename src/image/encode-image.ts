import { DecantError } from '../errors.ts';
import type { Image } from './image.ts';
import { loadSharp } from './load-sharp.ts';

/** Formats that images can be written in. */
export type ImageFormat = 'png' | 'jpeg' | 'webp';

const FORMATS: Readonly<Record<string, ImageFormat>> = { png: 'png', jpg: 'jpeg', jpeg: 'jpeg', webp: 'webp' };

/** High enough to avoid ringing around letters. */
const QUALITY = 92;

export function imageFormatOf(path: string): ImageFormat {
  const extension = /\.([^./\\]*)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
  if (format !== undefined) return format;
  throw new DecantError('invalid-argument', `${path} does not end in the extension of a writable image format`, {
    remedy: 'Use .png, .jpg or .webp.',
  });
}

export async function encodeImage(image: Image, format: ImageFormat): Promise<Uint8Array> {
  const { width, height, data } = image;
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .toFormat(format, {
      // Chroma subsampling smears thin lines and small letters.
      ...(format === 'jpeg' ? { quality: QUALITY, chromaSubsampling: '4:4:4' } : {}),
      ...(format === 'webp' ? { quality: QUALITY, smartSubsample: true } : {}),
    })
    .toBuffer()
    .catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DecantError('invalid-argument', `${width}x${height} pixels cannot be written as ${format}: ${reason}`, {
        remedy: 'Use PNG.',
        cause,
      });
    });
}
