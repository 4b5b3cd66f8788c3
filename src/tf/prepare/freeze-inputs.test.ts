import { describe, expect, it } from 'vitest';
import { inferenceGraphOf, lines } from '../../../test/support/inference-graphs.ts';
import { constant, node, placeholder, type } from '../../../test/support/tf-records.ts';
import { unpackStrings } from '../../tensor/strings.ts';
import { numbersOf, scalar } from '../../tensor/tensor.ts';
import { attrTensor } from '../attrs.ts';
import type { DataType } from '../data-type.ts';
import type { FrozenValue } from '../frozen-value.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import { freezeInputs } from './freeze-inputs.ts';

const MODEL = inferenceGraphOf(
  [
    placeholder('serving_x', 'DT_FLOAT'),
    placeholder('hidden', 'DT_BOOL'),
    constant('half', 'DT_FLOAT', scalar('f32', 0.5)),
    node('keep_prob', 'PlaceholderWithDefault', ['half'], { dtype: type('DT_FLOAT') }),
    node('y', 'Mul', ['serving_x', 'keep_prob']),
  ],
  ['y'],
  { inputs: [{ name: 'x', node: 'serving_x', dtype: 'DT_FLOAT', shape: [2, 3] }] },
);

const freeze = (values: Readonly<Record<string, FrozenValue>>, model = MODEL): InferenceGraph =>
  freezeInputs(model, new Map(Object.entries(values)));

/** The shape and elements of an input of the given type and shape that is frozen to `value`. */
function frozen(dtype: DataType, shape: readonly number[] | undefined, value: FrozenValue): readonly unknown[] {
  const inputs = [{ name: 'p', node: 'p', dtype, shape }];
  const { graph } = freeze({ p: value }, inferenceGraphOf([placeholder('p', dtype)], ['p'], { inputs }));
  const tensor = attrTensor(graph.get('p')!, 'value').data();
  return [tensor.shape, dtype === 'DT_STRING' ? unpackStrings(tensor) : [...numbersOf(tensor)]];
}

describe('freezeInputs', () => {
  it('replaces inputs by constants', () => {
    const { graph, inputs } = freeze({ x: 1, keep_prob: 1 });
    expect(inputs).toEqual([]);
    expect(lines(graph)).toEqual(
      expect.arrayContaining(['serving_x = Const()', 'keep_prob = Const()', 'half = Const()']),
    );
    expect(freeze({ 'serving_x:0': 2 }).inputs).toEqual([]);
    expect(freeze({ hidden: true }).inputs).toEqual(MODEL.inputs);
    expect(freeze({})).toBe(MODEL);
  });

  it('fills the shape of the input', () => {
    expect(frozen('DT_FLOAT', [2, 3], 7)).toEqual([[2, 3], [7, 7, 7, 7, 7, 7]]); // prettier-ignore
    expect(frozen('DT_FLOAT', [2, 3], [1, 2, 3])).toEqual([[2, 3], [1, 2, 3, 1, 2, 3]]); // prettier-ignore
    expect(frozen('DT_FLOAT', [2, 3], [[1], [2]])).toEqual([[2, 3], [1, 1, 1, 2, 2, 2]]); // prettier-ignore
    expect(frozen('DT_INT64', [-1, 2], [[1, 2], [3, 4], [5, 6]])).toEqual([[3, 2], [1, 2, 3, 4, 5, 6]]); // prettier-ignore
    expect(frozen('DT_INT32', undefined, [1, 2])).toEqual([[2], [1, 2]]);
    expect(frozen('DT_INT32', [-1], [])).toEqual([[0], []]);
    expect(frozen('DT_STRING', [], 'cat')).toEqual([[], ['cat']]);
  });

  it.each<[shape: readonly number[], value: FrozenValue, problem: string]>([
    [[], [1], 'has shape [] and cannot be filled with a value of shape [1]'],
    [[2], [1, 2, 3], 'has shape [2] and cannot be filled with a value of shape [3]'],
    [[-1, 2], 5, 'has shape [?,2] and cannot be filled with a value of shape []'],
    [[2, 2], [[1, 2], [3]], 'differ in length'], // prettier-ignore
    [[2 ** 20, 2 ** 20], 1, 'has 1099511627776 elements'],
  ])('rejects for shape %j the value %j', (shape, value, problem) => {
    expect(() => frozen('DT_FLOAT', shape, value)).toThrow(problem);
  });

  it.each<[dtype: DataType, values: readonly FrozenValue[], wrong: readonly FrozenValue[]]>([
    ['DT_BOOL', [true, false, 0, 1], [2, 'yes']],
    ['DT_INT8', [-128, 127], [128, 1.5, true, 'x']],
    ['DT_UINT8', [0, 255], [-1, 256]],
    ['DT_INT64', [2 ** 53 - 1], [2 ** 53]],
    ['DT_FLOAT', [0.5, Infinity], [false, 'x']],
  ])('takes values of %s, and no others', (dtype, values, wrong) => {
    for (const value of values) expect(frozen(dtype, [], value)).toEqual([[], [Number(value)]]);
    for (const value of wrong)
      expect(() => frozen(dtype, [], value)).toThrow(`'${String(value)}' is not a value of it`);
  });

  it('suggests names for unknown ones', () => {
    expect(() => freeze({ keep_pro: 1 })).toThrow(
      expect.objectContaining({
        code: 'not-found',
        message: "the model has no input 'keep_pro' to freeze",
        remedy: "Did you mean 'keep_prob'? Choose from the inputs x, serving_x, hidden, keep_prob.",
      }) as unknown,
    );
    expect(() => freeze({ y: 1 })).toThrow("'y' is not an input but Mul");
    expect(() => freeze({ x: 1, serving_x: 2 })).toThrow("input 'serving_x' is frozen twice");
    expect(() => frozen('DT_COMPLEX64', [], 1)).toThrow('has type DT_COMPLEX64 and cannot be frozen');
  });
});
