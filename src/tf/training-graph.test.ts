import { expect, it } from 'vitest';
import { modelOf, node, placeholder, signatureOf, type } from '../../test/support/tf-records.ts';
import { convertTfModel } from '../convert.ts';
import type { TfModel } from './model.ts';

const NODES = [
  placeholder('x', 'DT_FLOAT', [2]),
  node('loss', 'RandomUniform', ['x'], { dtype: type('DT_FLOAT') }),
  node('y', 'Relu', ['x'], { T: type('DT_FLOAT') }),
  node('train', 'ApplyGradientDescent', ['x']),
];

const remedyOf = async (model: TfModel, outputs?: readonly string[]): Promise<unknown> =>
  convertTfModel(model, outputs === undefined ? {} : { outputs }).then(
    () => 'converted',
    (thrown: unknown) => (thrown as { remedy: string }).remedy,
  );

const ADVICE = /^The graph was saved for training: choose its outputs for inference with --output NAME\. Export/;

it('advises to choose the outputs of a training graph', async () => {
  expect(await remedyOf(modelOf(NODES))).toMatch(ADVICE);
  expect(await remedyOf(modelOf(NODES.slice(0, -1), { format: 'meta-graph' }))).toMatch(ADVICE);
  expect(await remedyOf(modelOf(NODES), ['y'])).toBe('converted');
});

it('leaves other errors unchanged', async () => {
  expect(await remedyOf(modelOf(NODES.slice(0, -1)))).not.toMatch(ADVICE);
  const signatures = { serving_default: signatureOf({ x: 'x:0' }, { loss: 'loss:0' }) };
  expect(await remedyOf(modelOf(NODES, { signatures }))).not.toMatch(ADVICE);
  expect(await remedyOf(modelOf(NODES), ['loss'])).not.toMatch(ADVICE);
});
