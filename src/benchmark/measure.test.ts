import { expect, it } from 'vitest';
import { core } from '../../test/support/openvino.ts';
import { slowIr } from '../../test/support/tiny-ir.ts';
import type { InferRequest } from '../runtime/infer-request.ts';
import { Tensor } from '../runtime/tensor.ts';
import { measure } from './measure.ts';

/** Requests of a model that takes some milliseconds for 20 products. */
function requestsOf(count: number, products: number): readonly InferRequest[] {
  using model = core.readModelSync({ xml: slowIr(256, products), bin: new Uint8Array() });
  const compiled = core.compileModelSync(model, 'CPU', { NUM_STREAMS: 2 });
  const requests = Array.from({ length: count }, () => compiled.createInferRequest());
  for (const request of requests) request.infer([new Tensor('f32', [256, 256])]);
  return requests;
}

it('runs a number of inferences, rounded up to a multiple of the requests', async () => {
  const { latencies, duration } = await measure(requestsOf(3, 2), { api: 'async', iterations: 10 });
  expect(latencies.length).toBe(12);
  expect(latencies.every(latency => latency > 0 && latency <= duration)).toBe(true);
});

it('stops only when both limits are reached', async () => {
  const requests = requestsOf(1, 2);
  const long = await measure(requests, { api: 'sync', iterations: 1, seconds: 0.3 });
  expect(long.duration).toBeGreaterThanOrEqual(300);
  expect(long.latencies.length).toBeGreaterThan(1);
  expect((await measure(requests, { api: 'sync', iterations: 40, seconds: 0.001 })).latencies.length).toBe(40);
});

it('reports its progress, and stops at a signal with idle requests', async () => {
  const requests = requestsOf(2, 20);
  const controller = new AbortController();
  const shares: number[] = [];
  const onProgress = (share: number): void => {
    shares.push(share);
    if (shares.length === 2) controller.abort();
  };
  await expect(
    measure(requests, { api: 'async', seconds: 30, onProgress, signal: controller.signal }),
  ).rejects.toMatchObject({ code: 'cancelled' });
  expect(shares).toHaveLength(2);
  expect(shares[0]).toBeGreaterThan(0);
  expect(shares[1]).toBeGreaterThan(shares[0]!);
  for (const request of requests) expect(request.infer()).toHaveProperty('y19');
});

it('lets timers run meanwhile', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await measure(requestsOf(1, 2), { api: 'sync', seconds: 1 });
  clearInterval(timer);
  expect(ticks).toBeGreaterThanOrEqual(3);
});
