import { expect, it } from 'vitest';
import { bytesOf, type Tensor } from '../../src/tensor/tensor.ts';
import { crc32c } from '../../src/wire/crc32.ts';
import { seededImage, seededTensor } from './seeded.ts';

// The expected numbers and checksums are those of tools/fixtures/zoo/seeded.py.
const checksum = (tensor: Tensor): number => crc32c(bytesOf(tensor));

it('rounds seeded weights like seeded.py', () => {
  const weights = seededTensor({ shape: [6], seed: 7, scale: 0.0123, offset: 1 });
  const expected = [0xc284ee56, 0xc38d111d, 0x433d5021, 0x42be36f0, 0xc363f09d, 0xc389dcda];
  expect([...new Uint32Array(weights.data.buffer)]).toEqual(expected);
  expect(checksum(seededTensor({ shape: [7, 7, 3, 64], seed: 12, scale: 3.217e-6, offset: 0 }))).toBe(647944386);
});

it('scales stored integers', () => {
  const weights = seededTensor({ shape: [3], step: 0.25, integers: [-3, 0, 127] });
  expect([...weights.data]).toEqual([-0.75, 0, 31.75]);
});

it('paints the same images as seeded.py', () => {
  expect([...bytesOf(seededImage(48, 64, 1)).subarray(0, 12)]).toEqual([
    248, 251, 10, 211, 219, 0, 164, 200, 0, 116, 163, 2,
  ]);
  expect([seededImage(255, 255, 1), seededImage(480, 640, 2)].map(checksum)).toEqual([2246306170, 2414551016]);
});
