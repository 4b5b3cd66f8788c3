import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { core, openVinoLibrary } from '../../test/support/openvino.ts';
import { parameter, result, tinyIr } from '../../test/support/tiny-ir.ts';
import { Core } from './core.ts';

const relu = {
  xml: tinyIr([parameter('x', 'f32', '2'), { name: 'y', type: 'ReLU', inputs: ['x'], outputs: ['y'] }, result('y')]),
  bin: new Uint8Array(),
};

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decant-core-ü-'));
  path = join(folder, 'relu.xml');
  writeFileSync(path, relu.xml);
  writeFileSync(join(folder, 'relu.bin'), relu.bin);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('Core', () => {
  it('returns its library, version and devices', async () => {
    expect(core.library).toBe(await openVinoLibrary());
    expect(core.version).toMatch(/^20\d\d\.\d/);
    expect(core.getAvailableDevices()).toContain('CPU');
    expect(core.getVersions('CPU')['CPU']).toMatchObject({ buildNumber: core.version });
  });

  it('reads and sets properties', () => {
    const own = new Core({ library: core.library });
    expect(own.getProperty('CPU', 'FULL_DEVICE_NAME')).not.toBe('');
    own.setProperty('CPU', { NUM_STREAMS: 1, PERF_COUNT: true });
    expect(own.getProperty('CPU', 'NUM_STREAMS')).toBe('1');
    expect(own.getProperty('CPU', 'PERF_COUNT')).toBe('YES');
    own.setProperty({ ENABLE_MMAP: false });
    expect(own.getProperty('ENABLE_MMAP')).toBe('NO');
    own.close();
  });

  it('reads models from memory and files', async () => {
    const bytes = { xml: new TextEncoder().encode(relu.xml), bin: relu.bin };
    for (const model of [
      await core.readModel(relu),
      await core.readModel(bytes),
      await core.readModel(path),
      core.readModelSync(relu),
      core.readModelSync(path),
    ]) {
      expect(model.getName()).toBe('tiny');
      expect(String(model.output())).toBe('names[y] shape[2] type: f32');
      model.close();
    }
  });

  it('reads weights in parts, which are as long as they say', async () => {
    const weights = (name: string, offset: number) => ({
      name,
      type: 'Const',
      data: { element_type: 'f32', shape: '2', offset: String(offset), size: '8' },
      outputs: [name],
    });
    const sum = { name: 'y', type: 'Add', inputs: ['a', 'b'], outputs: ['y'] };
    const part = (...numbers: readonly number[]) => ({
      byteLength: 8,
      bytes: () => new Uint8Array(Float32Array.from(numbers).buffer),
    });
    const xml = tinyIr([weights('a', 0), weights('b', 8), sum, result('y')]);
    using model = await core.readModel({ xml, bin: [part(1, 2), part(30, 40)] });
    using compiled = core.compileModelSync(model, 'CPU');
    using request = compiled.createInferRequest();
    expect(request.infer()['y']!.data).toEqual(Float32Array.of(31, 42));
    await expect(core.readModel({ xml, bin: [part(1, 2), part(3, 4, 5)] })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('compiles models and files, with properties', async () => {
    const model = core.readModelSync(relu);
    const config = { NUM_STREAMS: 2, INFERENCE_PRECISION_HINT: 'f32', PERF_COUNT: true };
    for (const compiled of [
      await core.compileModel(model, 'CPU', config),
      await core.compileModel(path, 'CPU', config),
      core.compileModelSync(model, 'CPU', config),
      core.compileModelSync(path, 'CPU', config),
    ]) {
      expect(compiled.getProperty('NUM_STREAMS')).toBe('2');
      expect(compiled.getProperty('INFERENCE_PRECISION_HINT')).toBe('f32');
      expect(compiled.getProperty('PERF_COUNT')).toBe('YES');
      const { y } = compiled.createInferRequest().infer([new Float32Array([-1, 2])]);
      expect(y?.data).toEqual(new Float32Array([0, 2]));
      compiled.close();
    }
  });

  it('compiles without properties, and for a virtual device', async () => {
    const model = core.readModelSync(relu);
    for (const device of ['CPU', 'AUTO:CPU']) {
      const compiled = await core.compileModel(model, device);
      const { y } = await compiled.createInferRequest().inferAsync([new Float32Array([3, -3])]);
      expect(y?.data).toEqual(new Float32Array([3, 0]));
      compiled.close();
    }
  });

  it('lists the available devices for an unknown one', async () => {
    const model = core.readModelSync(relu);
    const missing = { code: 'not-found', message: "device 'XPU.1' is not available", remedy: /CPU/ };
    const error = { ...missing, remedy: expect.stringMatching(missing.remedy) as string };
    await expect(core.compileModel(model, 'XPU.1')).rejects.toMatchObject(error);
    expect(() => core.compileModelSync(model, 'XPU.1')).toThrow(expect.objectContaining(error));
    expect(() => core.getProperty('XPU.1', 'FULL_DEVICE_NAME')).toThrow(expect.objectContaining(error));
    expect(() => core.getVersions('XPU.1')).toThrow(expect.objectContaining(error));
  });

  it('refuses missing devices before slow work', () => {
    for (const device of [
      'CPU',
      'cpu',
      'AUTO',
      'AUTO:CPU',
      'AUTO:XPU,CPU',
      'AUTO:-XPU',
      'MULTI:CPU(2)',
      'HETERO:CPU',
    ]) {
      expect(() => core.checkDevice(device)).not.toThrow();
    }
    for (const device of ['XPU', '', 'AUTO:XPU', 'HETERO:XPU.1,ZPU(2)']) {
      const message = `device '${device}' is not available`;
      expect(() => core.checkDevice(device)).toThrow(expect.objectContaining({ code: 'not-found', message }));
    }
  });

  it.runIf(!core.getAvailableDevices().some(name => name.startsWith('NPU')))('says what a device lacks', () => {
    const remedy = expect.stringContaining('no plugin or driver') as string;
    expect(() => core.getProperty('NPU', 'FULL_DEVICE_NAME')).toThrow(expect.objectContaining({ remedy }));
    const near = expect.stringContaining("Did you mean 'GPU'") as string;
    const once = expect.stringContaining("Did you mean 'CPU' or 'GPU' or 'NPU'?") as string;
    expect(() => core.getProperty('XPU', 'FULL_DEVICE_NAME')).toThrow(expect.objectContaining({ remedy: once }));
    expect(() => core.getProperty('GUP', 'FULL_DEVICE_NAME')).toThrow(expect.objectContaining({ remedy: near }));
  });

  it('passes on messages of OpenVINO', async () => {
    await expect(core.readModel({ xml: relu.xml.slice(0, -9), bin: relu.bin })).rejects.toMatchObject({
      code: 'runtime-failed',
    });
    await expect(core.readModel({ xml: 'no model', bin: relu.bin })).rejects.toMatchObject({
      code: 'runtime-failed',
      message: expect.stringMatching(/^OpenVINO: Unable to read the model/) as string,
      cause: expect.stringContaining('.cpp') as string,
    });
    const op = { name: 'y', type: 'Nonsense', inputs: ['x'] };
    const unknown = { xml: tinyIr([parameter('x', 'f32', '2'), op, result('y')]), bin: new Uint8Array() };
    expect(() => core.readModelSync(unknown)).toThrow(
      expect.objectContaining({ code: 'runtime-failed', message: expect.stringContaining('Nonsense') as string }),
    );
    const model = core.readModelSync(relu);
    await expect(core.compileModel(model, 'CPU', { NO_SUCH_THING: 1 })).rejects.toMatchObject({
      code: 'runtime-failed',
      message: expect.stringMatching(/^OpenVINO: .*NO_SUCH_THING/) as string,
    });
    expect(() => core.getProperty('CPU', 'NO_SUCH_THING')).toThrow(/NO_SUCH_THING/);
  });

  it('rejects invalid arguments', async () => {
    const nowhere = join(folder, 'nowhere.xml');
    const missing = { code: 'not-found', message: `there is no file or folder '${nowhere}'` };
    await expect(core.readModel(nowhere)).rejects.toMatchObject(missing);
    await expect(core.compileModel(nowhere, 'CPU')).rejects.toMatchObject(missing);
    await expect(core.compileModel(path, 'CPU', { NUM_STREAMS: NaN })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('reports too many concurrent calls', async () => {
    const reads = await Promise.allSettled(Array.from({ length: 300 }, () => core.readModel(relu)));
    for (const read of reads) {
      if (read.status === 'fulfilled') read.value.close();
      else expect(read.reason).toMatchObject({ code: 'limit' });
    }
    expect(reads.some(read => read.status === 'rejected')).toBe(true);
    (await core.readModel(relu)).close();
  });

  it('rejects files and folders without OpenVINO', () => {
    expect(() => new Core({ library: folder })).toThrow(
      expect.objectContaining({ code: 'runtime-missing', message: `${folder} contains no OpenVINO C library` }),
    );
    expect(() => new Core({ library: join(folder, 'nowhere') })).toThrow(/nowhere does not exist/);
    expect(() => new Core({ library: path })).toThrow(
      expect.objectContaining({
        code: 'runtime-failed',
        message: expect.stringMatching(/^cannot load .*relu\.xml: /) as string,
      }),
    );
  });
});
