import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchmarkModel, type BenchmarkOptions, type BenchmarkResult } from '../../src/index.ts';
import { useFreshCache } from '../support/fresh-cache.ts';
import { CENTERNET, LIVENESS, PHOTO } from '../support/models.ts';
import { core } from '../support/openvino.ts';
import { temporaryFolder } from '../support/run-cli.ts';
import { type Layer, parameter, result, tinyIr } from '../support/tiny-ir.ts';

useFreshCache();

const benchmark = (model: string, options: BenchmarkOptions = {}): Promise<BenchmarkResult> =>
  benchmarkModel(model, { core, iterations: 2, ...options });

async function writeIr(layers: readonly Layer[]): Promise<string> {
  const xml = join(await temporaryFolder(), 'model.xml');
  await writeFile(xml, tinyIr(layers));
  await writeFile(xml.replace('.xml', '.bin'), '');
  return xml;
}

/** Adds an input to itself. */
const doubling = (type: string, shape: string): Promise<string> =>
  writeIr([parameter('x', type, shape), { name: 'y', type: 'Add', inputs: ['x', 'x'], outputs: ['y'] }, result('y')]);

describe('benchmarkModel', () => {
  it('measures a TensorFlow model', async () => {
    const measured = await benchmark(LIVENESS, { iterations: 5, performanceHint: 'latency', precision: 'f32' });
    expect(measured).toMatchObject({
      topology: 'liveness',
      device: 'CPU',
      api: 'sync',
      performanceHint: 'latency',
      precision: 'f32',
      requests: 1,
      streams: '1',
      batch: 1,
      inputs: [{ type: 'f32', shape: [1, 32, 32, 3] }],
      iterations: 5,
    });
    const { latency, latencies, duration, throughput, convertTime } = measured;
    expect(latencies).toHaveLength(5);
    expect(latency.min).toBeLessThanOrEqual(latency.median);
    expect(latency.median).toBeLessThanOrEqual(latency.max);
    expect(throughput).toBeCloseTo(5000 / duration);
    expect(convertTime).toBeGreaterThan(0);
    expect(measured).not.toHaveProperty('profile');
    expect((await benchmark(LIVENESS)).convertTime).toBeUndefined();
  });

  it('applies the settings', async () => {
    const measured = await benchmark(LIVENESS, {
      performanceHint: 'none',
      requests: 3,
      streams: 2,
      threads: 2,
      iterations: 4,
      config: { INFERENCE_PRECISION_HINT: 'f32' },
    });
    expect(measured).toMatchObject({
      api: 'async',
      requests: 3,
      streams: '2',
      threads: '2',
      precision: 'f32',
      iterations: 6,
    });
    expect(await benchmark(LIVENESS)).toMatchObject({ api: 'async', performanceHint: 'throughput' });
    expect(await benchmark(LIVENESS, { api: 'sync' })).toMatchObject({ api: 'sync', performanceHint: 'latency' });
  });

  it('measures each op', async () => {
    const { profile, profiles } = await benchmark(LIVENESS, { profile: true, requests: 2 });
    expect(profiles).toHaveLength(2);
    expect(profile?.filter(({ nodeType }) => nodeType === 'Convolution')).toHaveLength(4);
  });

  it('feeds an image as a detector does', async () => {
    const { inputs } = await benchmark(CENTERNET, { image: PHOTO });
    expect(inputs).toEqual([{ name: 'tower_0/images', type: 'f32', shape: [1, 512, 512, 3] }]);
    expect((await benchmark(LIVENESS, { image: PHOTO })).inputs[0]?.shape).toEqual([1, 32, 32, 3]);
    const numbers = await doubling('f32', '2,7');
    await expect(benchmark(numbers, { image: PHOTO })).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('feeds the size of the image to a model that takes any', async () => {
    const any = await doubling('u8', '1,?,?,3');
    expect((await benchmark(any, { image: PHOTO })).inputs[0]?.shape).toEqual([1, 1158, 1280, 3]);
    expect((await benchmark(any)).inputs[0]?.shape).toEqual([1, 480, 640, 3]);
    expect((await benchmark(any, { dataShapes: [1, 30, 40, 3] })).inputs[0]?.shape).toEqual([1, 30, 40, 3]);
  });

  it('changes the shapes of IRs and of TensorFlow models', async () => {
    const xml = await doubling('f32', '?,4');
    expect(await benchmark(xml, { inputShapes: 'x[3,4]' })).toMatchObject({ inputs: [{ shape: [3, 4] }], batch: 1 });
    const batch = await benchmark(LIVENESS, { inputShapes: [4, 32, 32, 3] });
    expect(batch).toMatchObject({ inputs: [{ shape: [4, 32, 32, 3] }], batch: 4 });
    expect(batch.throughput).toBeCloseTo((4000 * batch.iterations) / batch.duration);
  });

  it.each([
    ['f32', '1,4', { inputShapes: 'z[1,4]' }, 'not-found'],
    ['f32', '1,4', { inputShapes: 'x[1,4]{u8}' }, 'invalid-argument'],
    ['f32', '1,?', {}, 'invalid-argument'],
    ['f32', '1,?', { dataShapes: '[1,?]' }, 'invalid-argument'],
    ['f32', '1,4', { dataShapes: '[1,5]' }, 'invalid-argument'],
    ['f32', '1,4', { api: 'sync', requests: 2 }, 'invalid-argument'],
    ['f32', '1,4', { device: 'TPU' }, 'not-found'],
    ['f32', '1,4', { precision: 'f7' }, 'runtime-failed'],
    ['f32', '1,4', { convert: { signature: 'serving_default' } }, 'invalid-argument'],
  ] as const)('rejects %s[%s] with %j', async (type, shape, options, code) => {
    await expect(benchmark(await doubling(type, shape), options)).rejects.toMatchObject({ code });
  });

  it('can be cancelled', async () => {
    const stopped = benchmark(LIVENESS, { seconds: 30, signal: AbortSignal.timeout(300) });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  });
});
