import { expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import { TopK } from '../../src/ov/ops/sort.ts';
import { expandStableTopK } from '../../src/ov/passes/expand-stable-top-k.ts';
import { numbersOf, tensor } from '../../src/tensor/tensor.ts';
import { numbers } from './random.ts';
import { runOnOpenVino } from './run-on-openvino.ts';

const COUNT = 60_000;

/** Values of a heat map: `levels` different ones, most of them 0. */
function heatMap(levels: number): Float32Array {
  const random = numbers(levels);
  return Float32Array.from({ length: COUNT }, () => {
    const isPeak = random.next().value < 0.01;
    return isPeak ? Math.ceil(levels * random.next().value) / levels : 0;
  });
}

async function topK(
  rows: readonly Float32Array[],
  k: number,
): Promise<{ readonly values: readonly number[]; readonly indices: readonly number[] }> {
  const shape = [rows.length, rows[0]!.length];
  const b = new Builder();
  const input = b.parameter('x', 'f32', shape);
  const [values, indices] = b.addAll(TopK, [input, b.scalar('i32', k)], { axis: 1, stable: true });
  const results = { values: values!, indices: indices! };
  const graph = { name: 'g', inputs: new Map([['x', input]]), outputs: new Map(Object.entries(results)) };
  const x = Float32Array.from(rows.flatMap(row => [...row]));
  const { outputs } = await runOnOpenVino(expandStableTopK.run(graph), new Map([['x', tensor('f32', shape, x)]]));
  const numbersIn = (name: string): readonly number[] => Array.from(numbersOf(outputs.get(name)!));
  return { values: numbersIn('values'), indices: numbersIn('indices') };
}

/** The values and indices that TensorFlow returns. */
const firstOf = (x: Float32Array, k: number): readonly (readonly [value: number, index: number])[] =>
  Array.from(x, (value, i) => [value, i] as const)
    .sort(([a, i], [c, j]) => c - a || i - j)
    .slice(0, k);

it.each([
  ['distinct values', heatMap(1e6)],
  ['values that many elements share', heatMap(3)],
  ['one value', new Float32Array(40_000).fill(0.5)],
  ['fewer peaks than elements to return', heatMap(5).map((x, i) => (i < 500 ? x : 0))],
])('takes the first of equal elements of a large map: %s', async (_, x) => {
  const { values, indices } = await topK([x], 100);
  const expected = firstOf(x, 100);
  // Of more elements than can be sorted, equal ones are in any order.
  const isSortable = expected.at(-1)![0] > 0 || x.length <= 46_340;
  expect(values).toEqual(expected.map(([value]) => value));
  if (isSortable) expect(indices).toEqual(expected.map(([, i]) => i));
});

it.each([
  [2, 60_000, 100],
  [17, 1_000, 250],
  [3, 5_000, 1_250],
])('takes the first of equal elements in each of %i rows of %i', async (count, size, k) => {
  const levels = [1e6, 3, 1, 40];
  const rows = Array.from({ length: count }, (_, i) => heatMap(levels[i % levels.length]!).subarray(0, size));
  const { values, indices } = await topK(rows, k);
  const expected = rows.flatMap(row => firstOf(row, k));
  expect(values).toEqual(expected.map(([value]) => value));
  expect(indices).toEqual(expected.map(([, i]) => i));
});
