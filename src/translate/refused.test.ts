import { expect, it } from 'vitest';
import { prepareModel } from '../../test/support/prepare-model.ts';
import { modelOf, node, placeholder } from '../../test/support/tf-records.ts';
import { REFUSALS } from './refused.ts';
import { translate } from './translate.ts';

const refusing = async (name: string) => translate(await prepareModel(modelOf([placeholder('x', 'DT_FLOAT', [2]), node(name, 'RandomUniform', ['x'])]))); // prettier-ignore

it.each(['random_flip', 'random_rotation_1', 'dropout_2', 'gaussian_noise'])(
  'names the training layer %s',
  async layer => {
    await expect(refusing(`model/${layer}/stateful_uniform/RandomUniform`)).rejects.toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: `RandomUniform is not supported: it is part of '${layer}', which augments images or drops values in training`,
        remedy: expect.stringContaining('training=False') as string,
      }) as unknown,
    );
  },
);

it('gives the general reason for other random numbers', async () => {
  await expect(refusing('noise')).rejects.toThrow('OpenVINO generates different random numbers from the same seed');
});

it('refuses each op once, with a remedy', () => {
  const ops = REFUSALS.flatMap(each => each.ops);
  expect(ops.filter((op, i) => ops.indexOf(op) < i)).toEqual([]);
  for (const { remedy } of REFUSALS) expect(remedy).toMatch(/^[A-Z].*\.$/);
});
