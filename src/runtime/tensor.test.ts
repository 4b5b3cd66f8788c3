import { describe, expect, it } from 'vitest';
import { packStrings } from '../tensor/strings.ts';
import { Tensor } from './tensor.ts';

describe('Tensor', () => {
  it('does not copy its data', () => {
    const data = new Float32Array([1, 2, 3, 4, 5, 6]);
    expect(new Tensor('f32', [2, 3], data).data).toBe(data);
    expect(new Tensor('u8', [3], Buffer.from('abc')).data).toHaveLength(3);
    expect(new Tensor('f16', [2], new Uint16Array(2)).type).toBe('f16');
    expect(new Tensor('u1', [9], new Uint8Array(2)).shape).toEqual([9]);
  });

  it('contains zeros by default', () => {
    expect(new Tensor('i64', [2, 2]).data).toEqual(new BigInt64Array(4));
    expect(new Tensor('boolean', []).data).toEqual(new Uint8Array(1));
    expect(new Tensor('f32', [0, 3]).data).toHaveLength(0);
  });

  it('accepts packed strings', () => {
    const { shape, data } = packStrings([2], ['a', 'b']);
    expect(new Tensor('string', shape, data).data).toBe(data);
  });

  it.each([
    [
      () => new Tensor('f32', [2], new Float64Array(2)),
      'the data of tensor f32[2] must be a Float32Array, got Float64Array',
    ],
    [() => new Tensor('f32', [2, 3], new Float32Array(5)), 'the data of tensor f32[2,3] must have 6 elements, got 5'],
    [() => new Tensor('f33' as 'f32', [2]), "'f33' is not an element type"],
    [() => new Tensor('f32', [2, -1]), '[2,-1] is not a valid tensor shape'],
    [() => new Tensor('f32', [1.5]), '[1.5] is not a valid tensor shape'],
    [() => new Tensor('f32', [2 ** 40, 2 ** 40]), 'is not a valid tensor shape'],
    [() => new Tensor('string', [1]), 'a string tensor needs data'],
  ])('rejects mismatched arguments: %s', (make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(message) as string }),
    );
  });

  it('reports insufficient memory', () => {
    expect(() => new Tensor('u8', [2 ** 52])).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});
