import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/ov/builder.ts';
import type { Graph, Value } from '../../src/ov/graph.ts';
import { joinBin } from '../../src/ov/ir/ir.ts';
import { writeIr } from '../../src/ov/ir/write-ir.ts';
import { ops } from '../../src/ov/ops/index.ts';
import { freshDim } from '../../src/tensor/dim.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { readText } from '../conventions/sources.ts';
import { ROOT, run, temporaryFolder } from '../support/run-cli.ts';
import { difference } from './compare.ts';
import { runOnOpenVino } from './run-on-openvino.ts';
import { count, f32, i32, i64, vector } from './tensors.ts';

/** A graph that OpenVINO's CPU plugin computes wrong, and the right result. */
interface Quirk {
  readonly inputs: readonly Tensor[];
  /** Whether the sizes are unknown to OpenVINO. */
  readonly isOpen?: true;
  readonly build: (b: Builder, ...inputs: readonly Value[]) => Value;
  readonly right: Tensor;
  /** Relative; by default that of all comparisons. */
  readonly tolerance?: number;
}

const UNIQUE = { sorted: false, index_element_type: 'i64', count_element_type: 'i64' } as const;

const QUIRKS: Readonly<Record<string, Quirk>> = {
  'Divide of reals': {
    inputs: [vector(5), vector(3)],
    build: (b, x, y) => b.add(ops.Divide, [x, y], { m_pythondiv: true }),
    right: vector(Math.fround(5 / 3)),
    tolerance: 0,
  },
  'ReduceMax of no numbers': {
    inputs: [f32([0, 1], [])],
    build: (b, x) => b.add(ops.ReduceMax, [x, b.i64(0)]),
    right: vector(-Infinity),
  },
  'ReduceMin of no numbers': {
    inputs: [f32([0, 1], [])],
    build: (b, x) => b.add(ops.ReduceMin, [x, b.i64(0)]),
    right: vector(Infinity),
  },
  'Divide of negative integers': {
    inputs: [i32([1], [-7]), i32([1], [2])],
    build: (b, x, y) => b.add(ops.Divide, [x, y], { m_pythondiv: true }),
    right: i32([1], [-4]),
  },
  'FloorMod by infinity': {
    inputs: [vector(1), vector(Infinity)],
    build: (b, x, y) => b.add(ops.FloorMod, [x, y]),
    right: vector(1),
  },
  'Greater with NaN': {
    inputs: [vector(NaN), vector(1)],
    build: (b, x, y) => b.add(ops.Convert, [b.add(ops.Greater, [x, y])], { destination_type: 'f32' }),
    right: vector(0),
  },
  'LRN with a fractional bias': {
    inputs: [f32([1, 1, 1, 1], [1])],
    build: (b, x) => b.add(ops.LRN, [x, b.i64(1)], { alpha: 1, beta: 1, bias: 0.5, size: 1 }),
    right: f32([1, 1, 1, 1], [1 / 1.5]),
  },
  'MatMul of large integers': {
    inputs: [i32([1, 2], [4097, 1]), i32([2, 1], [4097, 0])],
    build: (b, x, y) => b.add(ops.MatMul, [x, y], { transpose_a: false, transpose_b: false }),
    right: i32([1, 1], [4097 ** 2]),
  },
  'Maximum with NaN': {
    inputs: [vector(NaN), vector(1)],
    build: (b, x, y) => b.add(ops.Maximum, [x, y]),
    right: vector(NaN),
  },
  'Minimum with NaN': {
    inputs: [vector(NaN), vector(1)],
    build: (b, x, y) => b.add(ops.Minimum, [x, y]),
    right: vector(NaN),
  },
  'i64 beyond 32 bits': {
    inputs: [i64([1], [2 ** 40]), i64([1], [1])],
    build: (b, x, y) => b.add(ops.Add, [x, y]),
    right: i64([1], [2 ** 40 + 1]),
  },
  'Select of large integers': {
    inputs: [vector(1), i32([1], [2 ** 24 + 1]), i32([1], [0])],
    isOpen: true,
    build: (b, x, y, z) => b.add(ops.Select, [b.add(ops.Less, [x, b.scalar('f32', 2)]), y, z]),
    right: i32([1], [2 ** 24 + 1]),
  },
  'Unique without its indices': {
    inputs: [i32([4], [3, 1, 3, 2])],
    build: (b, x) => b.add(ops.Unique, [x], UNIQUE),
    right: i32([3], [3, 1, 2]),
  },
};

function graphOf({ inputs, isOpen, build }: Omit<Quirk, 'right' | 'tolerance'>): Graph {
  const b = new Builder();
  const parameters = new Map(
    inputs.map(({ type, shape }, i) => [`x${i}`, b.parameter(`x${i}`, type, isOpen ? shape.map(freshDim) : shape)]),
  );
  return { name: 'quirk', inputs: parameters, outputs: new Map([['y', build(b, ...parameters.values())]]) };
}

/** If this fails, OpenVINO repaired the quirk: remove the workaround that docs/openvino-quirks.md names, and the entry. */
describe('OpenVINO still computes wrong:', () => {
  it.each(Object.entries(QUIRKS))('%s', async (_name, quirk) => {
    const { outputs } = await runOnOpenVino(graphOf(quirk), new Map(quirk.inputs.map((x, i) => [`x${i}`, x])));
    expect(difference(outputs.get('y')!, quirk.right, quirk.tolerance)).toBeDefined();
  });

  // In a process of its own, which usually crashes; rows of 32 numbers show that the process is able to succeed.
  it.each([
    ['Gather from a batch of one', 4, false],
    ['Gather of long rows is right', 32, true],
  ])('%s', async (_name, width, isRight) => {
    const { xml, bin } = writeIr(
      graphOf({
        inputs: [f32([1, 50, width], count([1, 50, width])), i32([1, 10], count([1, 10]))],
        build: (b, x, i) => b.add(ops.Gather, [x, i, b.scalar('i64', 1)], { batch_dims: 1 }),
      }),
    );
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'gather.xml'), xml);
    await writeFile(join(folder, 'gather.bin'), joinBin(bin));
    const script = join(folder, 'gather.mjs');
    await writeFile(script, gatherScript(width));
    const { code } = await run(process.execPath, [script], { cwd: folder });
    expect(code === 0).toBe(isRight);
  });
});

/** A program that exits with 1 if rows gathered by gather.xml are wrong in one of 100 runs. */
const gatherScript = (width: number): string => `
import { Core, Tensor } from '${pathToFileURL(join(ROOT, 'dist/index.js')).href}';
const core = new Core();
const compiled = core.compileModelSync(core.readModelSync('gather.xml'), 'CPU', { INFERENCE_PRECISION_HINT: 'f32' });
const request = compiled.createInferRequest();
const rows = [7, 0, 49, 3, 3, 12, 31, 8, 9, 48];
for (let run = 0; run < 100; run++) {
  const data = Float32Array.from({ length: 50 * ${width} }, (_, i) => i + run);
  const x0 = new Tensor('f32', [1, 50, ${width}], data);
  const x1 = new Tensor('i32', [1, 10], Int32Array.from(rows));
  const { y } = request.infer({ x0, x1 });
  const isRight = rows.every((row, i) =>
    Array.from({ length: ${width} }, (_, k) => k).every(k => y.data[${width} * i + k] === data[${width} * row + k]));
  if (!isRight) process.exit(1);
}
`;

it('docs/openvino-quirks.md describes each of them', () => {
  const page = readText('docs/openvino-quirks.md');
  const described = [...page.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, name]) => name!);
  const names = [...Object.keys(QUIRKS), 'Gather from a batch of one'];
  expect(names.filter(name => !described.includes(name))).toEqual([]);
});
