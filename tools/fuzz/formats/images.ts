import { bytes, list, type Tree } from '../tree.ts';
import { chunk, fieldsOf } from './binary.ts';

const latin1 = (data: Uint8Array, from: number, to: number): string =>
  Buffer.from(data.subarray(from, to)).toString('latin1');
const u16be = (data: Uint8Array, at: number): number => 256 * data[at]! + data[at + 1]!;
const u32be = (data: Uint8Array, at: number): number => 65536 * u16be(data, at) + u16be(data, at + 2);
const u32le = (data: Uint8Array, at: number): number => u32be(data.slice(at, at + 4).reverse(), 0);

const image = (items: readonly Tree[]): Tree => list('image', 'image', items);

export function parsePng(data: Uint8Array): Tree {
  const items: Tree[] = [bytes('signature', 'bytes', data.subarray(0, 8))];
  for (let at = 8; at + 12 <= data.byteLength;) {
    const size = u32be(data, at);
    const type = latin1(data, at + 4, at + 8);
    const content = data.subarray(at + 8, at + 8 + size);
    items.push(chunk(type, 'png', type === 'IHDR' ? fieldsOf(content, PNG_HEADER) : content));
    at += size + 12;
  }
  return image(items);
}

const PNG_HEADER = [
  ['width', 'u32be'],
  ['height', 'u32be'],
  ['depth', 'u8'],
  ['color', 'u8'],
  ['compression', 'u8'],
  ['filter', 'u8'],
  ['interlace', 'u8'],
] as const;

export function parseJpeg(data: Uint8Array): Tree {
  const items: Tree[] = [bytes('start', 'bytes', data.subarray(0, 2))];
  let at = 2;
  while (at + 4 <= data.byteLength && data[at] === 0xff && data[at + 1] !== 0xd9) {
    const size = u16be(data, at + 2);
    const content = data.subarray(at + 4, at + 2 + size);
    const frame = (data[at + 1]! & 0xf0) === 0xc0 && data[at + 1] !== 0xc4;
    items.push(chunk(latin1(data, at, at + 2), 'segment', frame ? fieldsOf(content, JPEG_FRAME) : content));
    at += 2 + size;
    if (data[at - size - 1] !== 0xda) continue;
    let end = at;
    while (end < data.byteLength && !(data[end] === 0xff && data[end + 1] !== 0 && (data[end + 1]! & 0xf8) !== 0xd0))
      end++;
    items.push(bytes('scan', 'bytes', data.subarray(at, end)));
    at = end;
  }
  return image([...items, bytes('end', 'bytes', data.subarray(at))]);
}

const JPEG_FRAME = [
  ['depth', 'u8'],
  ['height', 'u16be'],
  ['width', 'u16be'],
  ['components', 'rest'],
] as const;

export const parseRiff = (data: Uint8Array): Tree =>
  image([chunk('RIFF', 'riff', [bytes('form', 'bytes', data.subarray(8, 12)), ...parseChunks(data.subarray(12))])]);

function parseChunks(data: Uint8Array): readonly Tree[] {
  const items: Tree[] = [];
  for (let at = 0; at + 8 <= data.byteLength;) {
    const size = u32le(data, at + 4);
    items.push(chunk(latin1(data, at, at + 4), 'riff', data.subarray(at + 8, at + 8 + size)));
    at += 8 + size + (size & 1);
  }
  return items;
}

const CONTAINERS = new Set(['meta', 'iprp', 'ipco', 'moov']);

/** Parses the boxes of an AVIF file. */
export const parseBoxes = (data: Uint8Array): Tree => image(boxesIn(data));

function boxesIn(data: Uint8Array): readonly Tree[] {
  const items: Tree[] = [];
  for (let at = 0; at + 8 <= data.byteLength;) {
    const size = Math.max(8, u32be(data, at));
    const type = latin1(data, at + 4, at + 8);
    const content = data.subarray(at + 8, at + size);
    const skip = type === 'meta' ? 4 : 0;
    const inner = [bytes('flags', 'bytes', content.subarray(0, skip)), ...boxesIn(content.subarray(skip))];
    items.push(chunk(type, 'box', CONTAINERS.has(type) ? inner : content));
    at += size;
  }
  return items;
}

export function parseGif(data: Uint8Array): Tree {
  const colors = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  const items = fieldsOf(data.subarray(0, 13), [['signature', 6], ...GIF_SIZE, ['background', 'u8'], ['aspect', 'u8']]);
  let at = 13 + colors(data[10]!);
  items.push(bytes('colors', 'bytes', data.subarray(13, at)));
  while (at < data.byteLength && data[at] !== 0x3b) {
    const isImage = data[at] === 0x2c;
    const head = isImage ? 10 : 2;
    const own = isImage ? colors(data[at + 9]!) + 1 : 0;
    items.push(
      ...fieldsOf(
        data.subarray(at, at + head),
        isImage ? [['mark', 1], ['left', 'u16le'], ['top', 'u16le'], ...GIF_SIZE] : [['mark', 2]],
      ),
    );
    items.push(bytes('own', 'bytes', data.subarray(at + head, at + head + own)));
    for (at += head + own; at < data.byteLength && data[at] !== 0; at += 1 + data[at]!) {
      items.push(chunk('', 'block', data.subarray(at + 1, at + 1 + data[at]!)));
    }
    items.push(chunk('', 'block', new Uint8Array(0)));
    at++;
  }
  return image([...items, bytes('end', 'bytes', data.subarray(at))]);
}

const GIF_SIZE = [
  ['width', 'u16le'],
  ['height', 'u16le'],
  ['flags', 'u8'],
] as const;

/** Parses a little-endian TIFF file whose only directory is after its pixels. */
export function parseTiff(data: Uint8Array): Tree {
  const at = u32le(data, 4);
  const count = data[at]! + 256 * data[at + 1]!;
  const entries = Array.from({ length: count }, (_, i) =>
    list('entry', 'entry', fieldsOf(data.subarray(at + 2 + 12 * i, at + 14 + 12 * i), TIFF_ENTRY)),
  );
  return image([
    ...fieldsOf(data.subarray(0, 8), [
      ['signature', 4],
      ['directory', 'u32le'],
    ]),
    bytes('pixels', 'bytes', data.subarray(8, at)),
    ...fieldsOf(data.subarray(at, at + 2), [['count', 'u16le']]),
    ...entries,
    bytes('rest', 'bytes', data.subarray(at + 2 + 12 * count)),
  ]);
}

const TIFF_ENTRY = [
  ['tag', 'u16le'],
  ['type', 'u16le'],
  ['count', 'u32le'],
  ['value', 'u32le'],
] as const;

export const parseBmp = (data: Uint8Array): Tree => image(fieldsOf(data, BMP));

const BMP = [
  ['signature', 2],
  ['size', 'u32le'],
  ['reserved', 'u32le'],
  ['offset', 'u32le'],
  ['header', 'u32le'],
  ['width', 'u32le'],
  ['height', 'u32le'],
  ['planes', 'u16le'],
  ['bits', 'u16le'],
  ['compression', 'u32le'],
  ['bytes', 'u32le'],
  ['resolution', 8],
  ['colors', 'u32le'],
  ['important', 'u32le'],
  ['pixels', 'rest'],
] as const;
