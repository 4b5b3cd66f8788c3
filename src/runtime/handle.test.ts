import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { openVinoLibrary } from '../../test/support/openvino.ts';
import { parameter, result, slowIr, tinyIr } from '../../test/support/tiny-ir.ts';
import { Core } from './core.ts';
import { Tensor } from './tensor.ts';

const library = await openVinoLibrary();
const none = new Uint8Array();
const identity = { xml: tinyIr([parameter('x', 'f32', '?'), result('x')]), bin: none };

/** `y = x + w`, with w as the only weights. */
const addIr = (size: number): string =>
  tinyIr([
    parameter('x', 'f32', String(size)),
    { name: 'w', type: 'Const', data: { element_type: 'f32', shape: size, offset: 0, size: 4 * size } },
    { name: 'y', type: 'Add', inputs: ['x', 'w'], outputs: ['y'] },
    result('y'),
  ]);

const slow = { xml: slowIr(512, 100), bin: none };
const slowInput = new Tensor('f32', [512, 512]);
const closed = (what: string): Error =>
  expect.objectContaining({ code: 'invalid-argument', message: `this ${what} is closed` }) as Error;

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

const megabytes = (): number => process.memoryUsage().rss / 1e6;

describe('close', () => {
  it('closes an object and those created from it', async () => {
    const core = new Core({ library });
    const model = await core.readModel(identity);
    const compiled = await core.compileModel(model, 'CPU');
    const request = compiled.createInferRequest();
    const input = [new Tensor('f32', [1])];

    request.close();
    request.close();
    expect(() => request.infer(input)).toThrow(closed('infer request'));
    await expect(request.inferAsync(input)).rejects.toEqual(closed('infer request'));
    request.cancel();

    model.close();
    expect(() => model.getName()).toThrow(closed('model'));
    await expect(core.compileModel(model, 'CPU')).rejects.toEqual(closed('model'));

    const other = compiled.createInferRequest();
    expect(other.infer(input)['x']?.data).toHaveLength(1);
    compiled[Symbol.dispose]();
    expect(() => other.infer(input)).toThrow(closed('infer request'));
    expect(() => compiled.createInferRequest()).toThrow(closed('compiled model'));
    expect(() => compiled.getProperty('NUM_STREAMS')).toThrow(closed('compiled model'));

    core.close();
    expect(() => core.getAvailableDevices()).toThrow(closed('core'));
    await expect(core.readModel(identity)).rejects.toEqual(closed('core'));
    other.close();
    compiled.close();
    core.close();
  });

  it('cancels a running inference', async () => {
    for (const whatToClose of ['request', 'compiled', 'core'] as const) {
      const core = new Core({ library });
      const compiled = await core.compileModel(await core.readModel(slow), 'CPU');
      const request = compiled.createInferRequest();
      const running = request.inferAsync([slowInput]);
      ({ request, compiled, core })[whatToClose].close();
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    }
  });

  it('waits for pending reads and compilations', async () => {
    const core = new Core({ library });
    const model = await core.readModel(slow);
    const compiling = core.compileModel(model, 'CPU');
    model.close();
    await expect(compiling.then(compiled => compiled.createInferRequest())).resolves.toBeDefined();
    const reading = core.readModel(slow);
    core.close();
    await expect(reading).rejects.toEqual(closed('core'));
  });
});

describe('memory', () => {
  it('keeps only what native code reads', async () => {
    using core = new Core({ library });
    const request = (await core.compileModel(await core.readModel(identity), 'CPU')).createInferRequest();
    // Small arrays live inside the garbage-collected heap, and slices of a pool are not aligned.
    for (const make of [
      () => Float32Array.of(1, 2, 3),
      () => new Float32Array(new Float32Array([0, 1, 2, 3]).buffer, 4),
    ]) {
      request.setInputTensor(0, { type: 'f32', shape: [3], data: make() });
      for (let i = 0; i < 5; i++) {
        Array.from({ length: 10_000 }, () => new Float32Array(3).fill(9));
        collectGarbage();
      }
      expect((await request.inferAsync())['x']?.data).toEqual(Float32Array.of(1, 2, 3));
    }
  });

  it('keeps the weights of a compiled model', async () => {
    using core = new Core({ library });
    const bin = new Uint8Array(Float32Array.of(40).buffer);
    const model = await core.readModel({ xml: addIr(1), bin });
    bin.fill(0);
    const compiled = await core.compileModel(model, 'CPU');
    model.close();
    collectGarbage();
    expect(compiled.createInferRequest().infer([Float32Array.of(2)])['y']?.data[0]).toBe(42);
  });

  it('does not grow with inferences', async () => {
    using core = new Core({ library });
    const request = (await core.compileModel(await core.readModel(identity), 'CPU')).createInferRequest();
    const infer = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) await request.inferAsync([new Tensor('f32', [32_768])]);
      collectGarbage();
    };
    await infer(200);
    const before = megabytes();
    await infer(1000);
    // Inputs and outputs together are 262 MB.
    expect(megabytes() - before).toBeLessThan(50);
  });

  it('does not grow with models, closed or garbage-collected', async () => {
    const size = 1 << 19;
    const source = { xml: addIr(size), bin: new Uint8Array(4 * size) };
    const core = new Core({ library });
    const compile = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        const model = core.readModelSync(source);
        const compiled = core.compileModelSync(model, 'CPU');
        compiled.createInferRequest().infer([new Float32Array(size)]);
        if (i % 2 === 0) continue;
        model.close();
        compiled.close();
      }
      collectGarbage();
      // Finalizers run in a later task.
      await sleep(10);
    };
    await compile(10);
    const before = megabytes();
    for (let i = 0; i < 5; i++) await compile(10);
    // Their weights, inputs and outputs are 300 MB.
    expect(megabytes() - before).toBeLessThan(50);
    core.close();
  });
});

describe('the event loop', () => {
  it('is not blocked while a model is compiled and run', async () => {
    using core = new Core({ library });
    const delay = monitorEventLoopDelay({ resolution: 2 });
    const measure = async <T>(work: () => Promise<T>): Promise<T> => {
      delay.enable();
      const start = performance.now();
      const value = await work();
      const whole = performance.now() - start;
      delay.disable();
      expect(delay.max / 1e6).toBeLessThan(whole / 2);
      delay.reset();
      return value;
    };
    // Each takes about half a second, which a blocking call would show.
    await measure(() => core.readModel({ xml: slowIr(8, 8000), bin: none }));
    const model = await core.readModel({ xml: slowIr(8, 400), bin: none });
    await measure(() => core.compileModel(model, 'CPU'));
    const request = (await core.compileModel(await core.readModel(slow), 'CPU')).createInferRequest();
    await measure(() => request.inferAsync([slowInput]));
  });
});
