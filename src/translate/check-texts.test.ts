import { expect, it } from 'vitest';
import { prepareModel } from '../../test/support/prepare-model.ts';
import { modelOf, node, placeholder, type } from '../../test/support/tf-records.ts';
import type { TfNode } from '../tf/model.ts';
import { translate } from './translate.ts';

const translated = async (result: TfNode): Promise<unknown> =>
  translate(await prepareModel(modelOf([placeholder('texts', 'DT_STRING', [-1, 2]), result])));

const T = type('DT_STRING');

it('passes texts on, and their shape', async () => {
  await expect(translated(node('y', 'Identity', ['texts'], { T }))).resolves.toBeDefined();
  await expect(translated(node('y', 'Shape', ['texts'], { T }))).resolves.toBeDefined();
});

it('refuses to process texts', async () => {
  await expect(translated(node('y', 'Equal', ['texts', 'texts'], { T }))).rejects.toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: "Equal 'y' processes strings, which OpenVINO devices do not support",
    }) as unknown,
  );
});
