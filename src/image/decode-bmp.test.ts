import { describe, expect, it } from 'vitest';
import { DecantError } from '../errors.ts';
import { decodeBmp } from './decode-bmp.ts';
import { readImage } from './read-image.ts';

interface Parts {
  readonly width?: number;
  readonly height?: number;
  readonly bits: number;
  readonly compression?: number;
  readonly header?: 12 | 40 | 56 | 124;
  readonly masks?: readonly number[];
  /** As 0xrrggbb. */
  readonly palette?: readonly number[];
  readonly pixels: readonly number[];
}

/** A bitmap file; its pixels are the bytes of all rows, padded. */
function bmp({
  width = 2,
  height = 2,
  bits,
  compression = 0,
  header = 40,
  masks = [],
  palette = [],
  pixels,
}: Parts): Uint8Array {
  const bytes: number[] = [];
  const u16 = (value: number): void => void bytes.push(value & 255, (value >> 8) & 255);
  const u32 = (value: number): void => [value & 0xffff, value >>> 16].forEach(u16);
  u32(header);
  if (header === 12) [width, height, 1, bits].forEach(u16);
  else {
    u32(width);
    u32(height);
    u16(1);
    u16(bits);
    [compression, pixels.length, 0, 0, palette.length, 0].forEach(u32);
    masks.forEach(u32);
    while (bytes.length < header) bytes.push(0);
  }
  for (const color of palette) {
    bytes.push(color & 255, (color >> 8) & 255, color >> 16);
    if (header !== 12) bytes.push(0);
  }
  const offset = 14 + bytes.length;
  bytes.push(...pixels);
  const file = bytes.splice(0);
  bytes.push(0x42, 0x4d);
  u32(14 + file.length);
  u32(0);
  u32(offset);
  return Uint8Array.from([...bytes, ...file]);
}

const colors = (parts: Parts): readonly string[] => {
  const { data } = decodeBmp(bmp(parts), 'a.bmp');
  return Array.from({ length: data.length / 3 }, (_, i) =>
    Buffer.from(data.subarray(3 * i, 3 * i + 3)).toString('hex'),
  );
};

const PALETTE = [0x112233, 0xff0000, 0x00ff00, 0x0000ff];
const [A, B, C, D] = ['112233', 'ff0000', '00ff00', '0000ff'] as const;

describe('decodeBmp', () => {
  it.each<[what: string, parts: Parts, expected: readonly string[]]>([
    ['1 bit', { bits: 1, palette: PALETTE.slice(0, 2), pixels: [0x40, 0, 0, 0, 0x80, 0, 0, 0] }, [B, A, A, B]],
    ['4 bits', { bits: 4, palette: PALETTE, pixels: [0x23, 0, 0, 0, 0x01, 0, 0, 0] }, [A, B, C, D]],
    ['8 bits', { bits: 8, palette: PALETTE, pixels: [2, 3, 0, 0, 0, 1, 0, 0] }, [A, B, C, D]],
    ['8 bits of OS/2', { bits: 8, header: 12, palette: [...PALETTE, ...new Array<number>(252).fill(0)], pixels: [2, 3, 0, 0, 0, 1, 0, 0] }, [A, B, C, D]],
    ['rows from the top', { bits: 8, height: -2, palette: PALETTE, pixels: [0, 1, 0, 0, 2, 3, 0, 0] }, [A, B, C, D]],
    ['16 bits', { bits: 16, height: 1, pixels: [0x00, 0x7c, 0x1f, 0x00] }, [B, D]],
    ['16 bits with masks', { bits: 16, height: 1, compression: 3, masks: [0xf800, 0x07e0, 0x001f], pixels: [0x00, 0xf8, 0xe0, 0x07] }, [B, C]],
    ['24 bits', { bits: 24, height: 1, pixels: [0x33, 0x22, 0x11, 0xff, 0, 0, 0, 0] }, [A, D]],
    ['24 bits of OS/2', { bits: 24, header: 12, height: 1, pixels: [0x33, 0x22, 0x11, 0xff, 0, 0, 0, 0] }, [A, D]],
    ['32 bits', { bits: 32, height: 1, pixels: [0x33, 0x22, 0x11, 0, 0, 0, 255, 9] }, [A, B]],
    ['32 bits with masks', { bits: 32, height: 1, compression: 3, header: 124, masks: [0xff, 0xff00, 0xff0000, 0], pixels: [0x11, 0x22, 0x33, 0, 255, 0, 0, 0] }, [A, B]],
    ['alpha', { bits: 32, height: 1, compression: 3, header: 56, masks: [0xff0000, 0xff00, 0xff, 0xff000000], pixels: [0, 0, 0, 51, 0, 0, 255, 255] }, ['cccccc', B]],
    ['unset alpha', { bits: 32, height: 1, compression: 3, header: 56, masks: [0xff0000, 0xff00, 0xff, 0xff000000], pixels: [0x33, 0x22, 0x11, 0, 0, 0, 255, 0] }, [A, B]],
    ['runs of bytes', { width: 3, bits: 8, compression: 1, palette: PALETTE, pixels: [2, 1, 1, 2, 0, 0, 0, 3, 3, 0, 1, 0, 0, 1] }, [D, A, B, B, B, C]],
    ['runs of half bytes', { width: 3, bits: 4, compression: 2, palette: PALETTE, pixels: [3, 0x12, 0, 0, 0, 3, 0x30, 0x10, 0, 1] }, [D, A, B, B, C, B]],
    ['skipped pixels', { width: 3, bits: 8, compression: 1, palette: PALETTE, pixels: [0, 2, 1, 1, 1, 2, 0, 1] }, [A, C, A, A, A, A]],
    ['runs past the row', { bits: 8, compression: 1, palette: PALETTE, pixels: [9, 1, 0, 0, 9, 2, 0, 0, 9, 3, 0, 1] }, [C, C, B, B]],
  ])('reads %s', (_what, parts, expected) => {
    expect(colors(parts)).toEqual(expected);
  }); // prettier-ignore

  it('is used for files that start like a bitmap', async () => {
    const bytes = bmp({ bits: 24, height: 1, pixels: [0x33, 0x22, 0x11, 0xff, 0, 0, 0, 0] });
    expect(await readImage(bytes, 'a.bmp')).toMatchObject({ width: 2, height: 1, name: 'a.bmp' });
    await expect(readImage(Buffer.from('BMW is not a bitmap'))).rejects.toMatchObject({ code: 'bad-image' });
  });

  it.each<[what: string, parts: Parts, code: string, problem: string]>([
    [
      'too many pixels',
      { bits: 1, width: 2 ** 20, height: 2 ** 20, pixels: [] },
      'limit',
      'has 1048576x1048576 pixels',
    ],
    ['no pixels', { bits: 24, width: 0, pixels: [] }, 'bad-image', 'it has 0x2 pixels'],
    ['missing pixels', { bits: 24, width: 9999, height: 9999, pixels: [1] }, 'bad-image', '1 bytes are too few'],
    [
      'a bomb of runs',
      { bits: 8, width: 9999, height: 9999, compression: 1, pixels: [0, 1] },
      'bad-image',
      'are too few',
    ],
    ['missing runs', { bits: 8, width: 9, compression: 1, pixels: [9, 0] }, 'bad-image', 'the pixels end early'],
    ['an embedded JPEG', { bits: 24, compression: 4, pixels: [] }, 'bad-image', '24 bits per pixel and compression 4'],
    ['7 bits', { bits: 7, pixels: [] }, 'bad-image', '7 bits per pixel'],
  ])('rejects %s', (_what, parts, code, problem) => {
    expect(() => decodeBmp(bmp(parts), 'a.bmp')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(problem) as string }) as unknown,
    );
  });

  it('answers any change of a byte and any truncation with an image or an error', () => {
    const files = [
      bmp({ bits: 8, compression: 1, palette: PALETTE, pixels: [2, 1, 0, 0, 0, 3, 3, 0, 1, 0, 0, 1] }),
      bmp({ bits: 16, compression: 3, masks: [0xf800, 0x07e0, 0x001f], pixels: [1, 2, 3, 4, 5, 6, 7, 8] }),
    ];
    const decode = (bytes: Uint8Array): void => {
      try {
        decodeBmp(bytes, 'a.bmp');
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(DecantError);
      }
    };
    for (const file of files) {
      for (let at = 18; at < file.length; at++) {
        decode(file.subarray(0, at));
        // High bytes of the width and height make images of millions of pixels.
        for (const bits of [1, 0x80, 0xff]) if (at < 20 || at > 25) decode(file.with(at, file[at]! ^ bits));
      }
    }
  });
});
