import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeImage, imageFormatOf } from './encode-image.ts';
import type { Image } from './image.ts';

const image: Image = { width: 2, height: 1, data: Uint8Array.of(255, 0, 0, 0, 0, 255), name: 'two pixels' };

describe('imageFormatOf', () => {
  it.each([
    ['a.png', 'png'],
    ['b/c.d.JPG', 'jpeg'],
    ['a.jpeg', 'jpeg'],
    ['a.webp', 'webp'],
  ])('recognizes %s', (path, format) => {
    expect(imageFormatOf(path)).toBe(format);
  });

  it.each(['a.tga', 'a', 'folder.png/a', 'a.constructor', ''])('rejects %j', path => {
    expect(() => imageFormatOf(path)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', remedy: 'Use .png, .jpg or .webp.' }),
    );
  });
});

describe('encodeImage', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('writes %s', async format => {
    const bytes = await encodeImage(image, format);
    expect(await sharp(bytes).metadata()).toMatchObject({ format, width: 2, height: 1, channels: 3 });
  });

  it('keeps every pixel in PNG', async () => {
    expect(
      Uint8Array.from(
        await sharp(await encodeImage(image, 'png'))
          .raw()
          .toBuffer(),
      ),
    ).toEqual(image.data);
  });

  it('does not subsample chroma in JPEG', async () => {
    const bytes = await encodeImage(image, 'jpeg');
    expect((await sharp(bytes).metadata()).chromaSubsampling).toBe('4:4:4');
  });

  it('rejects an image too large for the format', async () => {
    const wide: Image = { width: 20_000, height: 1, data: new Uint8Array(60_000), name: 'wide' };
    await expect(encodeImage(wide, 'webp')).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/^20000x1 pixels cannot be written as webp: /) as string,
    });
    expect(await sharp(await encodeImage(wide, 'png')).metadata()).toMatchObject({ width: 20_000, height: 1 });
  });
});
