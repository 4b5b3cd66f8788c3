import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { bytesOf, type Tensor, tensorOf } from '../../src/tensor/tensor.ts';
import { ANSWERS } from '../saved-model/fixtures.ts';
import { writeSavedModel } from '../support/zoo-fixtures.ts';
import { CENTERNET, PHOTO } from '../support/models.ts';
import { decant, expectFailure, jsonOf, temporaryFolder } from '../support/run-cli.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/saved-model');
const SMALL = join(FIXTURES, 'sharded.tar.gz');
/** Readable by OpenVINO's frontend, which does not support partitioned variables. */
const PLAIN = join(FIXTURES, 'control.tar.gz');
const { inputs, outputs } = ANSWERS.get('sharded')!;

it("compares a model with OpenVINO's own frontend", async () => {
  const report = jsonOf(await decant(['verify', PLAIN, '--runs', '1', '--json']));
  expect(report).toMatchObject({ matches: true, device: 'CPU', cases: [{ name: 'numbers', matches: true }] });
  expect(report).toHaveProperty('frontend.nodes', expect.any(Number));
});

it('compares the detections of a detector', async () => {
  const folder = await temporaryFolder();
  await writeSavedModel('ssd_mobilenet_v2_limits', folder);
  const { code, stdout } = await decant(['verify', folder, PHOTO, '--runs', '1', '--difference', '0.01']);
  expect(stdout).toMatch(/^ {2}(\d+) of \1 detections matched$/m);
  expect(stdout).toMatch(/^ {2}raw_detection_scores +\S+ +\S+ +place *$/m);
  expect(stdout).toMatch(/decant's model is \S+ times as fast\n\nthe outputs match\n$/);
  expect(code).toBe(0);
});

it('compares with stored outputs', async () => {
  const path = await storeOutputs(outputs);
  const report = jsonOf(await decant(['verify', SMALL, '--against', path, '--runs', '1', '--json']));
  expect(report).toMatchObject({ matches: true, reference: path, cases: [{ name: 'first' }] });
});

it('fails if the outputs differ', async () => {
  const { type, shape, data } = outputs['y']!;
  const others = {
    y: tensorOf(
      type,
      shape,
      Array.from(data as Float32Array, (number, i) => (i === 4 ? 99 : number)),
    ),
  };
  const { code, stdout } = await decant(['verify', SMALL, '--against', await storeOutputs(others), '--runs', '1']);
  expect(stdout).toMatch(/^ {2}y +95 +\S+ +place +MISMATCH$/m);
  expect(stdout).toMatch(/THE OUTPUTS DO NOT MATCH\n$/);
  expect(code).toBe(1);
});

/** A graph with an input. */
const OF_INPUT = `
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: 3 } } } } }
node { name: "y" op: "Abs" input: "x" attr { key: "T" value { type: DT_FLOAT } } }`;
const CONSTANT = `
node { name: "c" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { } float_val: 2 } } } }
node { name: "k" op: "Identity" input: "c" attr { key: "T" value { type: DT_FLOAT } } }`;

it('does not compare constants, which OpenVINO leaves out', async () => {
  const path = join(await temporaryFolder(), 'constant.pbtxt');
  await writeFile(path, OF_INPUT + CONSTANT);
  expect(jsonOf(await decant(['verify', path, '--runs', '1', '--json']))).toMatchObject({
    matches: true,
    cases: [{ outputs: [{ name: 'y' }], notCompared: ['k'] }],
  });
  const { stdout } = await decant(['verify', path, '--runs', '1']);
  expect(stdout).toContain('  not compared, because the reference leaves them out: k\n');
  await writeFile(path, CONSTANT);
  expectFailure(await decant(['verify', path]), 1, 'leaves out all outputs', '--against');
});

/** OpenVINO divides by the number of rows, of which there are none: docs/openvino-quirks.md. */
const CRASHING = `
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "shape" value { shape { dim { size: 0 } dim { size: 3 } } } } }
node { name: "i" op: "Placeholder" attr { key: "dtype" value { type: DT_INT32 } }
  attr { key: "shape" value { shape { dim { size: 0 } } } } }
node { name: "axis" op: "Const" attr { key: "dtype" value { type: DT_INT32 } }
  attr { key: "value" value { tensor { dtype: DT_INT32 tensor_shape { } int_val: 0 } } } }
node { name: "y" op: "GatherV2" input: "x" input: "i" input: "axis" attr { key: "Tparams" value { type: DT_FLOAT } }
  attr { key: "Tindices" value { type: DT_INT32 } } attr { key: "Taxis" value { type: DT_INT32 } } }`;

it("survives crashes of OpenVINO's own frontend", async () => {
  const path = join(await temporaryFolder(), 'crash.pbtxt');
  await writeFile(path, CRASHING);
  expectFailure(await decant(['verify', path]), 1, 'frontend fails: it crashed on this model (SIG', '--against');
});

it('reports models that cannot be compared', async () => {
  expectFailure(await decant(['verify', CENTERNET]), 1, 'is a TensorFlow.js model', '--against');
  expectFailure(await decant(['verify', SMALL, '--against', PHOTO]), 1, PHOTO, 'is not');
  expectFailure(await decant(['verify', SMALL]), 1, "OpenVINO's own TensorFlow frontend fails", '--against');
  expectFailure(await decant(['verify', SMALL, PHOTO]), 2, 'the model has no image input');
  const nothing = await storeOutputs({});
  expectFailure(await decant(['verify', SMALL, '--against', nothing]), 1, 'has no output for the case first');
});

it('rejects tolerances out of range', async () => {
  const { code, stderr } = await decant(['verify', SMALL, '--iou', '7']);
  expect(stderr).toContain("'7' is invalid. Must be between 0 and 1.");
  expect(code).toBe(2);
});

/** Writes the inputs and these outputs like `numpy.savez`; returns the path. */
async function storeOutputs(stored: Readonly<Record<string, Tensor>>): Promise<string> {
  const path = join(await temporaryFolder(), 'outputs.npz');
  const arrays = Object.entries({ ...inputs, ...stored });
  const files = arrays.map(([name, tensor]) => [`first/${name}.npy`, npy(tensor)] as const);
  await writeFile(path, zipSync(Object.fromEntries(files)));
  return path;
}

/** NumPy's format 1.0: magic number, header length, header padded to 64 bytes, data. */
function npy(tensor: Tensor): Uint8Array {
  const facts = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tensor.shape.map(size => `${size},`).join(' ')}), }`;
  const header = `${facts.padEnd(64 * Math.ceil((facts.length + 11) / 64) - 11)}\n`;
  const length = [header.length & 0xff, header.length >> 8];
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([...length]),
    Buffer.from(header),
    bytesOf(tensor),
  ]);
}
