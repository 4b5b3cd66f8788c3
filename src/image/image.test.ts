import { describe, expect, it } from 'vitest';
import { type Image, toTensor } from './image.ts';

const image: Image = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 255), name: 'two pixels' };

describe('toTensor', () => {
  it('returns bytes as a view of the image', () => {
    const { type, shape, data } = toTensor(image, 'u8');
    expect({ type, shape }).toEqual({ type: 'u8', shape: [1, 1, 2, 3] });
    expect(data).toBe(image.data);
  });

  it('keeps the values 0..255 in other types', () => {
    expect(toTensor(image, 'f32').data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 255));
    expect(toTensor(image, 'i32').data).toEqual(Int32Array.of(1, 2, 3, 4, 5, 255));
  });

  it('separates the channels for NCHW', () => {
    const { shape, data } = toTensor(image, 'f32', 'NCHW');
    expect(shape).toEqual([1, 3, 1, 2]);
    expect(data).toEqual(Float32Array.of(1, 4, 2, 5, 3, 255));
  });
});
