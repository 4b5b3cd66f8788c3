import { describe, expect, it } from 'vitest';
import { proto, type ProtoField, shapeBytes } from '../../../test/support/proto-bytes.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { numbersOf, type Tensor } from '../../tensor/tensor.ts';
import { decodeBinary } from '../../wire/binary.ts';
import { decodeJson } from '../../wire/json.ts';
import type { TfTensor } from '../model.ts';
import { tensorProto, toTensor } from './tensor-proto.ts';

const read = (bytes: Uint8Array): TfTensor => toTensor(decodeBinary(tensorProto, bytes), `constant 'c'`);
const tensorOf = (type: number, dims: readonly number[], ...fields: readonly ProtoField[]): TfTensor =>
  read(proto([1, type], [2, shapeBytes(...dims)], ...fields));
const numbers = (tensor: Tensor): readonly number[] => [...numbersOf(tensor)];

describe('content as bytes', () => {
  it('is a view of the file if aligned', () => {
    const bytes = proto([1, 1], [2, shapeBytes(2)], [4, new Uint8Array(Float32Array.of(1.5, -2).buffer)]);
    for (let shift = 0; shift < 4; shift++) {
      const moved = new Uint8Array(new ArrayBuffer(bytes.length + shift), shift);
      moved.set(bytes);
      const { data, type } = read(moved).data();
      expect(type).toBe('f32');
      expect([...data]).toEqual([1.5, -2]);
      const offset = moved.byteOffset + bytes.length - 8;
      expect(data.buffer === moved.buffer).toBe(offset % 4 === 0);
    }
  });

  it('must match the shape', () => {
    expect(() => tensorOf(1, [2], [4, new Uint8Array(7)]).data()).toThrow(`constant 'c' has 7 bytes`);
    expect(() => tensorOf(1, [2], [4, new Uint8Array(12)]).data()).toThrow('but f32[2] needs 8');
  });

  it('is decoded once', () => {
    const tensor = tensorOf(1, [1], [4, new Uint8Array(4)]);
    expect(tensor.data()).toBe(tensor.data());
  });
});

describe('content as values', () => {
  it('repeats the last value, and defaults to zero', () => {
    expect(numbers(tensorOf(3, [2, 2], [7, 1], [7, -2]).data())).toEqual([1, -2, -2, -2]);
    expect(numbers(tensorOf(1, [3]).data())).toEqual([0, 0, 0]);
    expect(numbers(tensorOf(1, [2], [5, { float: 0.5 }]).data())).toEqual([0.5, 0.5]);
    expect(numbers(tensorOf(3, [1], [7, 4], [7, 5]).data())).toEqual([4]);
    expect(numbers(tensorOf(3, [0]).data())).toEqual([]);
  });

  it('reads complex numbers as pairs', () => {
    const parts = [1, 2, 3, -4].map(float => [9, { float }] as const);
    const repeated = tensorOf(8, [3], ...parts);
    expect(repeated.shape).toEqual([3]);
    expect(repeated.data()).toMatchObject({ type: 'f32', shape: [3, 2] });
    expect(numbers(repeated.data())).toEqual([1, 2, 3, -4, 3, -4]);
    const doubles = tensorOf(18, [], [12, new Uint8Array(Float64Array.of(0.1, -2).buffer)]).data();
    expect([doubles.type, ...numbers(doubles)]).toEqual(['f64', 0.1, -2]);
    expect(numbers(tensorOf(8, [1], [4, new Uint8Array(Float32Array.of(1.5, -2).buffer)]).data())).toEqual([1.5, -2]);
    expect(numbers(tensorOf(8, [2]).data())).toEqual([0, 0, 0, 0]);
  });

  it('is a scalar without a shape', () => {
    const tensor = read(proto([1, 3], [7, 5]));
    expect(tensor.shape).toEqual([]);
    expect(numbers(tensor.data())).toEqual([5]);
  });

  it('reads every type from its field', () => {
    const cases: readonly (readonly [number, string, readonly ProtoField[], readonly number[]])[] = [
      [2, 'f64', [[6, new Uint8Array(Float64Array.of(0.1).buffer)]], [0.1]],
      [4, 'u8', [[7, 255]], [255]],
      [5, 'i16', [[7, -300]], [-300]],
      [6, 'i8', [[7, -1]], [-1]],
      [9, 'i64', [[10, -5]], [-5]],
      [10, 'boolean', [[11, true]], [1]],
      [14, 'bf16', [[13, 0x3fc0]], [1.5]],
      [17, 'u16', [[7, 65535]], [65535]],
      [19, 'f16', [[13, 0x3e00]], [1.5]],
      [22, 'u32', [[16, 4294967295]], [4294967295]],
      [23, 'u64', [[17, 7]], [7]],
      [101, 'f32', [[5, { float: 2 }]], [2]],
    ];
    for (const [dtype, type, fields, values] of cases) {
      const tensor = tensorOf(dtype, [1], ...fields).data();
      expect(tensor.type).toBe(type);
      expect(numbers(tensor)).toEqual(values);
    }
  });

  it('keeps 64-bit integers exactly', () => {
    const extremes = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n];
    expect([...tensorOf(9, [3], ...extremes.map(value => [10, value] as const)).data().data]).toEqual(extremes);
    expect([...tensorOf(23, [1], [17, -1n]).data().data]).toEqual([2n ** 64n - 1n]);
    const json = { dtype: 'DT_INT64', tensorShape: { dim: [{ size: '1' }] }, int64Val: ['9223372036854775807'] };
    expect([...toTensor(decodeJson(tensorProto, json, 'json'), 'c').data().data]).toEqual([2n ** 63n - 1n]);
  });

  it('packs strings', () => {
    expect(unpackStrings(tensorOf(7, [3], [8, 'a'], [8, 'é']).data())).toEqual(['a', 'é', 'é']);
    expect(unpackStrings(tensorOf(7, []).data())).toEqual(['']);
  });
});

describe('rejects a constant', () => {
  const error = (code: string): unknown => expect.objectContaining({ code }) as unknown;

  it('of a type that is unknown or not supported by OpenVINO', () => {
    expect(() => tensorOf(99, [1])).toThrow(error('unsupported'));
    expect(() => tensorOf(99, [1])).toThrow(`constant 'c' has unknown data type 99`);
    const resource = tensorOf(20, [1]);
    expect(resource.dtype).toBe('DT_RESOURCE');
    expect(() => resource.data()).toThrow(error('unsupported'));
    expect(() => toTensor(decodeJson(tensorProto, { dtype: 'DT_NEW' }, 'json'), 'c')).toThrow('DT_NEW');
  });

  it('of a dynamic shape', () => {
    expect(() => tensorOf(1, [2, -1])).toThrow(error('malformed'));
    expect(() => read(proto([1, 1], [2, proto([3, true])]))).toThrow('is not static');
  });

  it('larger than the limit, without allocating it', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (const dims of [[2 ** 40], [2 ** 20, 2 ** 20], new Array<number>(40).fill(2 ** 62)]) {
      expect(() => tensorOf(1, dims).data()).toThrow(error('limit'));
    }
    expect(() => tensorOf(7, [2 ** 25]).data()).toThrow(error('limit'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });
});
