import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImage } from './read-image.ts';

type Channels = 1 | 2 | 3 | 4;

const raw = (channels: Channels, width: number, height: number, values: readonly number[]) =>
  sharp(Uint8Array.from(values), { raw: { width, height, channels } });

const flat = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background }, limitInputPixels: false });

/** Noise, so that truncating a file anywhere loses pixels. */
const noise = () =>
  raw(
    3,
    64,
    48,
    Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 256),
  );

const pixels = async (bytes: Uint8Array) => Array.from((await readImage(bytes)).data);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decant-image-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('inputs', () => {
  it('reads a path, a file URL and bytes alike', async () => {
    const path = join(folder, 'an image #1.png');
    const bytes = await raw(3, 2, 1, [1, 2, 3, 4, 5, 6]).png().toBuffer();
    await writeFile(path, bytes);
    const expected = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect(await readImage(path)).toEqual({ ...expected, name: path });
    expect(await readImage(pathToFileURL(path))).toEqual({ ...expected, name: path });
    expect(await readImage(bytes, 'upload.png')).toEqual({ ...expected, name: 'upload.png' });
  });

  it.each([
    ['a missing file', () => join(folder, 'none.jpg'), 'not-found'],
    ['a path through a file', () => join(import.meta.filename, 'a.jpg'), 'not-found'],
    ['a directory', () => folder, 'bad-image'],
    ['an impossible path', () => 'a\0b.jpg', 'io'],
    ['an HTTP URL', () => new URL('http://localhost/a.jpg'), 'invalid-argument'],
  ])('reports %s', async (_, input, code) => {
    await expect(readImage(input())).rejects.toMatchObject({ name: 'DecantError', code });
  });
});

describe('invalid files', () => {
  it.each([
    ['an empty file', Buffer.alloc(0), /is empty/],
    ['text', Buffer.from('these are words, not pixels'), /not an image in a supported format/],
    ['one byte', Buffer.of(0xff), /not an image in a supported format/],
    ['only the signature of a PNG', Buffer.from('89504e470d0a1a0a', 'hex'), /not an image in a supported format/],
  ])('rejects %s', async (_, bytes, message) => {
    await expect(readImage(bytes)).rejects.toMatchObject({
      code: 'bad-image',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff'] as const)('rejects a truncated %s', async format => {
    const bytes = await noise().toFormat(format).toBuffer();
    await expect(readImage(bytes)).resolves.toMatchObject({ width: 64, height: 48 });
    for (const share of [0.05, 0.3, 0.5, 0.7, 0.9]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      await expect(readImage(cut), `${share}`).rejects.toMatchObject({ name: 'DecantError', code: 'bad-image' });
    }
  });

  it('reports a JPEG without its last bytes as truncated', async () => {
    const bytes = await noise().jpeg().toBuffer();
    await expect(readImage(bytes.subarray(0, -10), 'cut.jpg')).rejects.toMatchObject({
      code: 'bad-image',
      message: expect.stringMatching(/^cut\.jpg is corrupt or truncated: .*premature end/) as string,
      remedy: 'Copy or download it again.',
    });
  });

  it.each([
    ['too many pixels', 60_000, 60_000],
    ['rows of too many pixels', 2 ** 24, 12],
    ['columns of too many pixels', 12, 2 ** 24],
  ])('rejects an image of %s before decoding it', async (_what, width, height) => {
    const bytes = await flat(4, 4, 'red').png().toBuffer();
    // A PNG has its width and height at byte 16, and the checksum of that header at byte 29.
    const bomb = Buffer.from(bytes);
    bomb.writeUInt32BE(width, 16);
    bomb.writeUInt32BE(height, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    await expect(readImage(bomb)).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringContaining(`${width}x${height}`) as string,
    });
  });
});

describe('pixel formats', () => {
  it('reads gray', async () => {
    const gray = raw(1, 2, 1, [10, 200]).toColourspace('b-w');
    expect(await pixels(await gray.png().toBuffer())).toEqual([10, 10, 10, 200, 200, 200]);
  });

  it('blends gray with alpha over white', async () => {
    const gray = raw(2, 3, 1, [10, 0, 200, 255, 100, 128]).toColourspace('b-w');
    const [hidden, , , opaque, , , half] = await pixels(await gray.png().toBuffer());
    expect([hidden, opaque]).toEqual([255, 200]);
    expect(half).toBeCloseTo(100 * 0.5 + 255 * 0.5, -0.5);
  });

  it('blends colors with alpha over white', async () => {
    const [r, g, b, ...opaque] = await pixels(await raw(4, 2, 1, [0, 50, 0, 0, 9, 8, 7, 255]).png().toBuffer());
    expect([r, g, b, ...opaque]).toEqual([255, 255, 255, 9, 8, 7]);
  });

  it('reads CMYK', async () => {
    const bytes = await flat(16, 16, '#c83214').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    const [red, green, blue] = await pixels(bytes);
    expect(red).toBeGreaterThan(180);
    expect(green).toBeLessThan(80);
    expect(blue).toBeLessThan(50);
  });

  it('keeps the high byte of 16-bit values', async () => {
    const values = Uint16Array.of(0x1234, 0x80ff, 0xff80);
    const color = sharp(values, { raw: { width: 1, height: 1, channels: 3 } }).toColourspace('rgb16');
    const bytes = await color.png().toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expect(await pixels(bytes)).toEqual([0x12, 0x80, 0xff]);
    const gray = sharp(values, { raw: { width: 3, height: 1, channels: 1 } }).toColourspace('grey16');
    expect(await pixels(await gray.png().toBuffer())).toEqual([0x12, 0x12, 0x12, 0x80, 0x80, 0x80, 0xff, 0xff, 0xff]);
  });

  it('rejects more than four channels', async () => {
    const gray = raw(1, 1, 1, [9]).joinChannel(Buffer.of(1, 2, 3), { raw: { width: 1, height: 1, channels: 3 } });
    const bytes = await gray.toColourspace('b-w').tiff({ compression: 'none' }).toBuffer();
    await expect(readImage(bytes)).rejects.toMatchObject({ code: 'bad-image', message: /color channels/ });
  });

  it('reads a palette', async () => {
    const bytes = await raw(3, 2, 1, [10, 20, 30, 200, 100, 50]).png({ palette: true }).toBuffer();
    expect((await sharp(bytes).metadata()).isPalette).toBe(true);
    expect(await pixels(bytes)).toEqual([10, 20, 30, 200, 100, 50]);
  });

  it.each(['gif', 'webp'] as const)('reads the first frame of an animated %s', async format => {
    const frames = await Promise.all(['#ff0000', '#0000ff'].map(color => flat(2, 2, color).png().toBuffer()));
    const animation = sharp(frames, { join: { animated: true } });
    const bytes = await (format === 'gif' ? animation.gif() : animation.webp({ lossless: true })).toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    expect(await pixels(bytes)).toEqual([255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0]);
  });

  it('reads a progressive JPEG', async () => {
    const bytes = await flat(40, 30, '#336699').jpeg({ progressive: true, quality: 100 }).toBuffer();
    const { width, height, data } = await readImage(bytes);
    expect([width, height, data.length]).toEqual([40, 30, 3600]);
    expect(Math.abs(data[0]! - 0x33)).toBeLessThan(3);
  });

  it('reads one pixel', async () => {
    expect(await readImage(await raw(3, 1, 1, [1, 2, 3]).png().toBuffer())).toMatchObject({ width: 1, height: 1 });
  });

  it('reads 12,000 x 9,000 pixels', async () => {
    const bytes = await flat(12_000, 9_000, '#336699').jpeg().toBuffer();
    const { width, height, data } = await readImage(bytes);
    expect([width, height, data.length]).toEqual([12_000, 9_000, 324_000_000]);
    expect([data[0], data.at(-1)]).toEqual([0x33, 0x99]);
  });
});

describe('EXIF orientation', () => {
  const WIDTH = 48;
  const HEIGHT = 32;
  const QUARTERS = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 0],
  ] as const;

  const UPRIGHT: Readonly<Record<number, (x: number, y: number, w: number, h: number) => readonly [number, number]>> = {
    1: (x, y) => [x, y],
    2: (x, y, w) => [w - 1 - x, y],
    3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
    4: (x, y, _, h) => [x, h - 1 - y],
    5: (x, y) => [y, x],
    6: (x, y, _, h) => [h - 1 - y, x],
    7: (x, y, w, h) => [h - 1 - y, w - 1 - x],
    8: (x, y, w) => [y, w - 1 - x],
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns orientation %i upright', async orientation => {
    const [w, h] = orientation < 5 ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH];
    const stored = Array.from({ length: w * h }, (_, i) => {
      const [x, y] = UPRIGHT[orientation]!(i % w, Math.floor(i / w), w, h);
      return QUARTERS[(x < WIDTH / 2 ? 0 : 1) + (y < HEIGHT / 2 ? 0 : 2)]!;
    });
    const bytes = await raw(3, w, h, stored.flat())
      .withMetadata({ orientation })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    expect((await sharp(bytes).metadata()).orientation).toBe(orientation);

    const { width, height, data } = await readImage(bytes);
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    QUARTERS.forEach((color, quarter) => {
      const x = WIDTH / 4 + (quarter % 2) * (WIDTH / 2);
      const y = HEIGHT / 4 + Math.floor(quarter / 2) * (HEIGHT / 2);
      color.forEach((value, channel) => {
        expect(Math.abs(data[(y * WIDTH + x) * 3 + channel]! - value), `quarter ${quarter}`).toBeLessThan(10);
      });
    });
  });
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
