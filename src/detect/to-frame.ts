import type { ColorFormat, InputSteps } from '../preprocess/steps.ts';
import { type Tensor, tensor, tensorOf } from '../tensor/tensor.ts';
import type { Tensors } from './heads/port.ts';
import { type Image, toPlanes } from '../image/image.ts';

export function toFrame(
  image: Image,
  name: string,
  { type = 'u8', layout = 'NHWC', color = 'RGB' }: InputSteps,
): Tensors {
  const typed = ({ shape, data }: Bytes): Tensor =>
    type === 'u8' ? tensor(type, shape, data) : tensorOf(type, shape, data);
  if (color.startsWith('NV12') || color.startsWith('I420')) {
    return Object.fromEntries(planesOf(image, color).map(([part, bytes]) => [`${name}${part}`, typed(bytes)]));
  }
  const { width, height } = image;
  const pixels = toColorFormat(image, color);
  const channels = pixels.length / (width * height);
  if (layout.endsWith('HWC')) {
    const shape = [height, width, channels];
    return { [name]: typed({ shape: layout === 'NHWC' ? [1, ...shape] : shape, data: pixels }) };
  }
  const shape = [channels, height, width];
  return { [name]: typed({ shape: layout === 'NCHW' ? [1, ...shape] : shape, data: toPlanes(pixels, channels) }) };
}

interface Bytes {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

function toColorFormat(image: Image, color: ColorFormat): Uint8Array {
  if (color === 'RGB') return image.data;
  const { data } = image;
  const count = data.length / 3;
  if (color === 'GRAY') return Uint8Array.from({ length: count }, (_, i) => luma(data, 3 * i));
  const channels = color.endsWith('X') ? 4 : 3;
  const red = color.startsWith('RGB') ? 0 : 2;
  const blue = 2 - red;
  const result = new Uint8Array(count * channels).fill(255);
  for (let i = 0; i < count; i++) {
    result[i * channels + red] = data[3 * i]!;
    result[i * channels + 1] = data[3 * i + 1]!;
    result[i * channels + blue] = data[3 * i + 2]!;
  }
  return result;
}

/** BT.601 luma, 0..255. */
const luma = (data: Uint8Array, at: number): number =>
  Math.round(0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!);

/** Converts an image of even size to BT.601 planes, 16..235: Y per pixel, U and V per 2 x 2 block. */
function planesOf({ width, height, data }: Image, color: ColorFormat): readonly (readonly [part: string, Bytes])[] {
  const rows = height / 2;
  const columns = width / 2;
  const y = new Uint8Array(width * height);
  const u = new Uint8Array(rows * columns);
  const v = new Uint8Array(rows * columns);
  for (let i = 0; i < y.length; i++) {
    y[i] = Math.round(16 + 0.257 * data[3 * i]! + 0.504 * data[3 * i + 1]! + 0.098 * data[3 * i + 2]!);
  }
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const corner = 3 * (2 * row * width + 2 * column);
      const below = corner + 3 * width;
      const mean = (c: number): number =>
        (data[corner + c]! + data[corner + 3 + c]! + data[below + c]! + data[below + 3 + c]!) / 4;
      const red = mean(0);
      const green = mean(1);
      const blue = mean(2);
      u[at] = Math.round(128 - 0.148 * red - 0.291 * green + 0.439 * blue);
      v[at] = Math.round(128 + 0.439 * red - 0.368 * green - 0.071 * blue);
    }
  }
  const uv = new Uint8Array(2 * u.length);
  u.forEach((value, i) => {
    uv[2 * i] = value;
    uv[2 * i + 1] = v[i]!;
  });
  const plane = (part: string, bytes: Uint8Array, sizes: readonly number[]): readonly [string, Bytes] => [
    part,
    { shape: [1, ...sizes], data: bytes },
  ];
  switch (color) {
    case 'NV12_TWO_PLANES':
      return [plane('/y', y, [height, width, 1]), plane('/uv', uv, [rows, columns, 2])];
    case 'I420_THREE_PLANES':
      return [
        plane('/y', y, [height, width, 1]),
        plane('/u', u, [rows, columns, 1]),
        plane('/v', v, [rows, columns, 1]),
      ];
    default: {
      const parts = color === 'NV12_SINGLE_PLANE' ? [y, uv] : [y, u, v];
      return [plane('', concatenate(parts), [3 * rows, width, 1])];
    }
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
