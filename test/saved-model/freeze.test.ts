import { expect, it } from 'vitest';
import { convertTfModel } from '../../src/convert.ts';
import { topological } from '../../src/ov/graph.ts';
import type { TfModel, TfNode } from '../../src/tf/model.ts';
import { func, functionOf, modelOf, node, placeholder, signatureOf, type } from '../support/tf-records.ts';

const T = { T: type('DT_FLOAT') };
const X = placeholder('x', 'DT_FLOAT', [2]);
const TRAINING = placeholder('serving_training', 'DT_BOOL', []);

const augmented = functionOf('augmented', ['v'], { y: 'odd:y:0' }, node('odd', 'Augment', ['v']));
const plain = functionOf('plain', ['v'], { y: 'relu:activations:0' }, node('relu', 'Relu', ['v'], T));

/** Branches as functions, selected by an input of a signature. */
const functional = (chooser: TfNode): TfModel =>
  modelOf(
    [
      X,
      TRAINING,
      chooser,
      node('y', 'If', ['choice', 'x'], { then_branch: func('augmented'), else_branch: func('plain') }),
    ],
    {
      functions: [augmented, plain],
      signatures: { serving_default: signatureOf({ x: 'x:0', training: 'serving_training:0' }, { y: 'y:0' }) },
    },
  );

/** Branches of TensorFlow 1, selected by a placeholder. */
const SWITCHED = modelOf([
  X,
  placeholder('phase_train', 'DT_BOOL'),
  node('switch', 'Switch', ['x', 'phase_train'], T),
  node('odd', 'Augment', ['switch:1'], T),
  node('relu', 'Relu', ['switch'], T),
  node('y', 'Merge', ['relu', 'odd'], T),
]);

const opsOf = async (model: TfModel, name: string, value: boolean): Promise<readonly string[]> => {
  const { graph } = await convertTfModel(model, { freeze: new Map([[name, value]]) });
  return topological(graph).map(({ op }) => op.type);
};

it.each<[what: string, model: TfModel, name: string]>([
  ['an input of a signature', functional(node('choice', 'Identity', ['serving_training'])), 'training'],
  ['its placeholder', functional(node('choice', 'Identity', ['serving_training'])), 'serving_training'],
  ['a placeholder with a default', functional(node('choice', 'PlaceholderWithDefault', ['serving_training'], { dtype: type('DT_BOOL') })), 'choice'], // prettier-ignore
  ['a placeholder of TensorFlow 1', SWITCHED, 'phase_train:0'],
])('drops the branch that a frozen input does not choose: %s', async (_what, model, name) => {
  expect((await opsOf(model, name, false)).filter(op => op !== 'Parameter')).toEqual(['ReLU']);
  await expect(opsOf(model, name, true)).rejects.toMatchObject({
    message: expect.stringContaining('Augment') as string,
  });
});
