import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'vitest';
import { PHOTO } from '../support/models.ts';
import { decant, expectFailure, temporaryFolder } from '../support/run-cli.ts';
import { type Layer, parameter, result, tinyIr } from '../support/tiny-ir.ts';

/** IRs on which OpenVINO crashes, or that take all memory. */
const IRS: readonly (readonly [string, string, readonly Layer[]])[] = [
  [
    'an op of an older release without its inputs',
    'OpenVINO crashed (SIG',
    [
      parameter('x', 'f32', '1'),
      { name: 'shape', type: 'Broadcast', inputs: [] },
      { name: 'y', type: 'Add', inputs: ['x', 'shape'] },
      result('y'),
    ],
  ],
  [
    'billions of outputs',
    'num_splits is 2147483647, more than 65536',
    [
      parameter('x', 'f32', '4'),
      { name: 'axis', type: 'Const', data: { element_type: 'i64', shape: '', offset: 0, size: 8 } },
      { name: 'y', type: 'Split', data: { num_splits: 2147483647 }, inputs: ['x', 'axis'] },
      result('y'),
    ],
  ],
  ['an input of billions of elements', 'elements, more than', [parameter('x', 'f32', '4294967295'), result('x')]],
];

it.each(IRS)('rejects %s', { timeout: 60_000 }, async (_, problem, layers) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'model.xml');
  await writeFile(path, tinyIr(layers).replaceAll('UNSPECIFIED', 'FP32'));
  await writeFile(join(folder, 'model.bin'), new Uint8Array(64));
  expectFailure(await decant(['detect', path, PHOTO]), 1, problem);
});
