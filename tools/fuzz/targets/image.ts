import sharp, { type Sharp } from 'sharp';
import { loadSharp } from '../../../src/image/load-sharp.ts';
import { countPages, readImage } from '../../../src/image/read-image.ts';
import { seededImage } from '../../../test/support/seeded.ts';
import { printBinary } from '../formats/binary.ts';
import { parseBmp, parseBoxes, parseGif, parseJpeg, parsePng, parseRiff, parseTiff } from '../formats/images.ts';
import { parseXml, printXml } from '../formats/xml.ts';
import { file, input, type Seed, type Target, utf8 } from '../target.ts';
import type { Tree } from '../tree.ts';

// Modules cannot be loaded later.
await loadSharp();

const WIDTH = 16;
const HEIGHT = 12;

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="16" height="12" viewBox="0 0 32 24">
<defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient>
<filter id="f"><feGaussianBlur stdDeviation="2"/></filter><pattern id="p" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M0 0L4 4"/></pattern></defs>
<rect x="1" y="2" width="10" height="8" fill="url(#g)" filter="url(#f)"/><use xlink:href="#c" transform="scale(2) rotate(30)"/>
<circle id="c" cx="5" cy="5" r="3" fill="url(#p)" stroke-dasharray="1 2"/><text x="3" y="9" font-size="6">ab</text></svg>`;

const pixels = (seed: number): Sharp =>
  sharp(seededImage(HEIGHT, WIDTH, seed).data as Uint8Array, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

/** Two frames. */
const animation = (): Sharp =>
  sharp(seededImage(2 * HEIGHT, WIDTH, 3).data as Uint8Array, {
    raw: { width: WIDTH, height: 2 * HEIGHT, channels: 3, pageHeight: HEIGHT },
  });

const encoded =
  (path: string, image: () => Sharp, parse: (data: Uint8Array) => Tree): Seed =>
  async () =>
    input(file(path, parse(new Uint8Array(await image().toBuffer()))));

/** A BMP file of 24 bits per pixel. */
function bmp(): Uint8Array {
  const content = Buffer.from(seededImage(HEIGHT, WIDTH, 5).data as Uint8Array);
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(head.byteLength + content.byteLength, 2);
  head.writeUInt32LE(head.byteLength, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(WIDTH, 18);
  head.writeInt32LE(HEIGHT, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  return Buffer.concat([head, content]);
}

export const image: Target = {
  name: 'image',
  about: 'PNG, JPEG, GIF, WebP, TIFF, AVIF, BMP and SVG images',
  seeds: () =>
    Promise.resolve([
      encoded('plain.png', () => pixels(1).png(), parsePng),
      encoded('palette.png', () => pixels(1).png({ palette: true, colors: 16 }), parsePng),
      encoded('deep.png', () => pixels(2).toColourspace('rgb16').ensureAlpha(0.5).png({ progressive: true }), parsePng),
      encoded('plain.jpg', () => pixels(1).jpeg().withMetadata({ orientation: 6 }), parseJpeg),
      encoded('progressive.jpg', () => pixels(2).jpeg({ progressive: true }), parseJpeg),
      encoded('gray.jpg', () => pixels(2).grayscale().jpeg(), parseJpeg),
      encoded('plain.gif', () => pixels(1).gif(), parseGif),
      encoded('animation.gif', () => animation().gif({ delay: [10, 20] }), parseGif),
      encoded('lossy.webp', () => pixels(1).ensureAlpha(0.5).webp(), parseRiff),
      encoded('animation.webp', () => animation().webp({ lossless: true }), parseRiff),
      encoded('plain.tif', () => pixels(1).tiff({ compression: 'none' }), parseTiff),
      encoded('lzw.tif', () => pixels(1).tiff({ compression: 'lzw', predictor: 'horizontal' }), parseTiff),
      encoded('tiles.tif', () => pixels(1).tiff({ compression: 'deflate', tile: true, pyramid: true }), parseTiff),
      encoded('plain.avif', () => pixels(1).avif({ effort: 0 }), parseBoxes),
      () => input(file('plain.bmp', parseBmp(bmp()))),
      () => input(file('plain.svg', parseXml(SVG))),
    ]),
  print: (path, content) => (path.endsWith('.svg') ? utf8(printXml(content)) : printBinary(content)),
  async run(files) {
    for (const [path, data] of files) {
      await countPages(data, path);
      await readImage(data, path);
    }
  },
};
