import { expect, it } from 'vitest';
import { core } from '../../../test/support/openvino.ts';
import { parameter, result, tinyIr } from '../../../test/support/tiny-ir.ts';
import { tensorOf } from '../../tensor/tensor.ts';
import { BatchingPool, type PooledInference } from './batching-pool.ts';
import { largestBatch } from './batch.ts';

const signal = new AbortController().signal;

async function poolOf(shape: string, maxBatch: number): Promise<BatchingPool> {
  const ir = tinyIr([
    parameter('x', 'f32', shape),
    { name: 'y', type: 'Add', inputs: ['x', 'x'], outputs: ['y'] },
    result('y'),
  ]);
  using model = await core.readModel({ xml: ir, bin: new Uint8Array() });
  const compiled = await core.compileModel(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
  expect(largestBatch([...compiled.inputs, ...compiled.outputs])).toBe(shape.startsWith('?') ? Infinity : 1);
  return new BatchingPool(compiled, maxBatch);
}

const infer = (pool: BatchingPool, rows: number, from: number, columns = 2): Promise<PooledInference> => {
  const data = Array.from({ length: rows * columns }, (_, i) => from + i);
  return pool.infer({ x: tensorOf('f32', [rows, columns], data) }, ['y'], signal);
};

const numbers = ({ outputs }: PooledInference): readonly number[] => Array.from(outputs['y']!.data as Float32Array);

it('joins inferences that wait, and splits their outputs', async () => {
  const pool = await poolOf('?,2', 8);
  const results = await Promise.all(Array.from({ length: 20 }, (_, i) => infer(pool, 1 + (i % 2), 10 * i)));
  results.forEach((inference, i) => {
    const expected = Array.from({ length: 2 * (1 + (i % 2)) }, (_, k) => 2 * (10 * i + k));
    expect(numbers(inference)).toEqual(expected);
  });
  // Those of a batch have the same duration.
  expect(new Set(results.map(({ ms }) => ms)).size).toBeLessThan(results.length);
});

it('keeps other shapes apart', async () => {
  const pool = await poolOf('?,?', 8);
  const results = await Promise.all(Array.from({ length: 12 }, (_, i) => infer(pool, 1, i, 1 + (i % 3))));
  results.forEach((inference, i) => expect(inference.outputs['y']!.shape).toEqual([1, 1 + (i % 3)]));
});

it('lets only the wrong one of a batch fail', async () => {
  const pool = await poolOf('?,2', 8);
  const wrong = pool.infer({ z: tensorOf('f32', [1, 2], [1, 2]) }, ['y'], signal);
  const right = Array.from({ length: 6 }, (_, i) => infer(pool, 1, i));
  await expect(wrong).rejects.toMatchObject({ code: 'not-found' });
  expect((await Promise.all(right)).map(inference => numbers(inference)[0])).toEqual([0, 2, 4, 6, 8, 10]);
});

it('drops cancelled inferences', async () => {
  const pool = await poolOf('?,2', 1);
  const controller = new AbortController();
  const running = Array.from({ length: pool.capacity }, () => infer(pool, 1, 0));
  const waiting = pool.infer({ x: tensorOf('f32', [1, 2], [1, 2]) }, ['y'], controller.signal);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  await Promise.all(running);
});
