import { expect, it } from 'vitest';
import { numbersOf, tensor, tensorOf } from '../../tensor/tensor.ts';
import type { Datatype } from '../../kserve/datatypes.ts';
import { inputFromJson, outputJson } from './tensor-json.ts';

const numbersIn = (datatype: Datatype, shape: readonly number[], data: readonly unknown[]): readonly number[] => {
  const input = inputFromJson('x', datatype, shape, data);
  if (input.datatype === 'BYTES') throw new Error('BYTES have no numbers');
  return Array.from(numbersOf(input.tensor));
};

it.each<[Datatype, readonly number[], readonly unknown[], readonly number[]]>([
  ['FP32', [], [0.5], [0.5]],
  ['FP32', [0, 3], [], []],
  ['FP32', [2, 0], [[], []], []],
  ['FP16', [2], [65_504, -65_504], [65_504, -65_504]],
  ['FP64', [1], [1e300], [1e300]],
  [
    'UINT8',
    [2, 2],
    [
      [0, 1],
      [2, 255],
    ],
    [0, 1, 2, 255],
  ],
  ['INT8', [1, 1, 2], [[[-128, 127]]], [-128, 127]],
  ['UINT64', [1], [Number.MAX_SAFE_INTEGER], [Number.MAX_SAFE_INTEGER]],
  ['BOOL', [4], [true, false, 1, 0], [1, 0, 1, 0]],
])('reads %s%j from %j', (datatype, shape, data, expected) => {
  expect(numbersIn(datatype, shape, data)).toEqual(expected);
});

it.each<[Datatype, readonly number[], readonly unknown[]]>([
  ['FP16', [1], [65_520]],
  ['FP32', [1], [3.41e38]],
  ['FP32', [1], [null]],
  ['INT8', [1], [128]],
  ['INT8', [1], [-129]],
  ['UINT32', [1], [-1]],
  ['UINT64', [1], [2 ** 53]],
  ['INT32', [1], [0.5]],
  ['BOOL', [1], ['true']],
  ['BYTES', [1], [1]],
  ['FP32', [2], [[1], [2]]],
  ['FP32', [2, 2], [[1, 2], [3]]],
  ['FP32', [2, 2], [[1, 2], 3, 4]],
  ['FP32', [1, 1], [[[1]]]],
  ['FP32', [1], JSON.parse(`${'['.repeat(9000)}${']'.repeat(9000)}`) as unknown[]],
])('refuses wrong elements of %s%j', (datatype, shape, data) => {
  expect(() => inputFromJson('x', datatype, shape, data)).toThrow(/'x'/);
});

it('writes all digits of whole numbers', () => {
  expect(outputJson('x', tensor('i64', [2], BigInt64Array.of(2n ** 63n - 1n, -5n)))).toBe('[9223372036854775807,-5]');
});

it('refuses to write what JSON cannot express', () => {
  expect(() => outputJson('x', tensorOf('f32', [2], [1, NaN]))).toThrow("output 'x' has elements that are not finite");
});
