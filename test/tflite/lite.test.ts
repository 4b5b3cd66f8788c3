import { beforeAll, describe, expect, it } from 'vitest';
import { exactSums } from '../../src/api/exact-sums.ts';
import { runConversion } from '../../src/convert.ts';
import type { Graph, Value } from '../../src/ov/graph.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import { verify } from '../../src/ov/verify.ts';
import { memorySource } from '../../src/source/memory-source.ts';
import { numbersOf, type Tensor } from '../../src/tensor/tensor.ts';
import { LITE_TRANSLATORS } from '../../src/tf/tflite/lite-translators.ts';
import { expectTensor } from '../ops/compare.ts';
import { runOnOpenVino } from '../ops/run-on-openvino.ts';
import { sideBySide } from '../ops/side-by-side.ts';
import { core } from '../support/openvino.ts';
import { LITE_CASES, type LiteCase } from './lite-cases.ts';

/** Converts a case, and names its inputs and outputs like the file does. */
async function convertLite({ model, inputs }: LiteCase): Promise<Graph> {
  const source = memorySource('case', [['case.tflite', model]]);
  const { graph, model: read } = await runConversion(source, { compressToFp16: false });
  verify(graph);
  const renamed = (ports: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
    new Map([...ports].map(([name, value]) => [read.names?.get(name) ?? name, value]));
  expect([...renamed(graph.inputs).keys()].sort()).toEqual([...inputs.keys()].sort());
  return { ...graph, inputs: renamed(graph.inputs), outputs: renamed(graph.outputs) };
}

function expectNear(actual: Tensor | undefined, expected: Tensor, tolerance: number): void {
  expect([actual?.type, actual?.shape]).toEqual([expected.type, expected.shape]);
  const [own, theirs] = [Array.from(numbersOf(actual!)), numbersOf(expected)];
  expect(Math.max(...own.map((value, i) => Math.abs(value - theirs[i]!)))).toBeLessThanOrEqual(tolerance);
}

describe('TensorFlow Lite', () => {
  const outputs = new Map<string, ReadonlyMap<string, Tensor>>();
  beforeAll(async () => {
    const graphs = await Promise.all(LITE_CASES.map(convertLite));
    const inputs = LITE_CASES.flatMap((each, k) =>
      [...each.inputs].map(([name, value]) => [`${k}.${name}`, value] as const),
    );
    const { config } = await exactSums(core, 'CPU', { hasWideSums: true });
    const results = await runOnOpenVino(sideBySide(graphs), new Map(inputs), config);
    LITE_CASES.forEach(({ name, outputs: expected }, k) => {
      outputs.set(name, new Map([...expected.keys()].map(key => [key, results.outputs.get(`${k}.${key}`)!])));
    });
  });

  it.each(LITE_CASES.map(each => [each.name, each] as const))('%s', (name, { outputs: expected, tolerance }) => {
    for (const [key, value] of expected) {
      const actual = outputs.get(name)!.get(key);
      if (tolerance === 0) expectTensor(actual, value);
      else expectNear(actual, value, tolerance);
    }
  });
});

it('has a case for every op', () => {
  const covered = new Set(LITE_CASES.flatMap(({ ops }) => ops));
  expect(Object.keys(LITE_TRANSLATORS).filter(op => !covered.has(op))).toEqual([]);
});

it('runs quantized convolutions in 8 bits, from weights of as many', async () => {
  const { graph } = await runConversion(
    memorySource('i8', [['i8.tflite', LITE_CASES.find(({ name }) => name === 'network i8, fed with u8')!.model]]),
  );
  const { xml, bin, bytesByType } = writeIr(graph);
  expect(bytesByType['i8']).toBeGreaterThan(4 * bytesByType['f32']!);
  using model = await core.readModel({ xml, bin: joinBin(bin) });
  using compiled = await core.compileModel(model, 'CPU', { INFERENCE_PRECISION_HINT: 'f32', PERF_COUNT: true });
  using request = compiled.createInferRequest();
  await request.inferAsync([{ type: 'u8', shape: [1, 48, 48, 3], data: new Uint8Array(48 * 48 * 3) }]);
  const convolutions = request.getProfilingInfo().filter(({ nodeType }) => nodeType.includes('Convolution'));
  expect(convolutions.length).toBe(9);
  expect(convolutions.filter(({ execType }) => !/[iu]8/i.test(execType))).toEqual([]);
});

const caseOf = (name: string): Uint8Array => LITE_CASES.find(each => each.name === name)!.model;

const convertBytes = (bytes: Uint8Array, options = {}): Promise<unknown> =>
  runConversion(memorySource('case', [['case.tflite', bytes]]), options);

it('refuses variables that change', async () => {
  await expect(
    convertBytes(caseOf('CALL_ONCE that initializes variables'), { signature: 'update' }),
  ).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('READ_VARIABLE is not supported') as string,
    remedy: expect.stringContaining('takes its state as inputs') as string,
  });
});

it('refuses a branch that takes other levels than it is given', async () => {
  const bytes = caseOf('IF of i8').slice();
  const scale = Buffer.from(new Float32Array([0.1]).buffer);
  const at = Buffer.from(bytes).lastIndexOf(scale);
  new DataView(bytes.buffer).setFloat32(at, 0.2, true);
  await expect(convertBytes(bytes)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/whose scale or zero point is not that of/) as string,
  });
});
