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

it.each([
  ['distinct values', heatMap(1e6)],
  ['values that many elements share', heatMap(3)],
  ['one value', new Float32Array(40_000).fill(0.5)],
  ['fewer peaks than elements to return', heatMap(5).map((x, i) => (i < 500 ? x : 0))],
])('takes the first of equal elements of a large map: %s', async (_, x) => {
  const b = new Builder();
  const input = b.parameter('x', 'f32', [1, x.length]);
  const [values, indices] = b.addAll(TopK, [input, b.scalar('i32', 100)], { axis: 1, stable: true });
  const graph = {
    name: 'g',
    inputs: new Map([['x', input]]),
    outputs: new Map([
      ['values', values!],
      ['indices', indices!],
    ]),
  };
  const { outputs } = await runOnOpenVino(
    expandStableTopK.run(graph),
    new Map([['x', tensor('f32', [1, x.length], x)]]),
  );
  const expected = Array.from(x, (value, i) => [value, i] as const)
    .sort(([a, i], [c, k]) => c - a || i - k)
    .slice(0, 100);
  // Of more elements than can be sorted, equal ones are in any order.
  const isSortable = expected.at(-1)![0] > 0 || x.length <= 46_340;
  expect(Array.from(numbersOf(outputs.get('values')!))).toEqual(expected.map(([value]) => value));
  if (isSortable) expect(Array.from(numbersOf(outputs.get('indices')!))).toEqual(expected.map(([, i]) => i));
});
