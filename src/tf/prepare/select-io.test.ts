import { describe, expect, it } from 'vitest';
import { inferenceGraphOf, lines } from '../../../test/support/inference-graphs.ts';
import { constant, node, placeholder, type } from '../../../test/support/tf-records.ts';
import { vector } from '../../tensor/tensor.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import { parseInputShapes, parseInputSpecs } from '../input-spec.ts';
import { selectIo, type IoOptions } from './select-io.ts';

const float = { T: type('DT_FLOAT') };

const model = inferenceGraphOf(
  [
    placeholder('image', 'DT_FLOAT'),
    constant('three', 'DT_FLOAT', vector('f32', [3])),
    node('scaled', 'Mul', ['image', 'three'], float),
    placeholder('limit'),
    node('parts', 'Unpack', ['scaled'], float),
    node('low', 'Minimum', ['parts:1', 'limit'], float),
    node('twice', 'Add', ['parts:1', 'parts:1'], float),
    node('odd', 'Strange', ['parts']),
    node('end', 'Relu', ['odd'], float),
  ],
  ['low', 'twice', 'end'],
  {
    inputs: [
      { name: 'photo', node: 'image', dtype: 'DT_FLOAT', shape: [1, -1, -1, 3] },
      { name: 'limit', node: 'limit', dtype: 'DT_FLOAT', shape: [-1] },
    ],
  },
);

const choose = (options: IoOptions, graph = model): InferenceGraph => selectIo(graph, options);
const cut = (input: string, output?: string): InferenceGraph =>
  choose({ inputs: parseInputSpecs(input), ...(output && { outputs: [output] }) });
const inputs = ({ inputs: chosen }: InferenceGraph): readonly unknown[] =>
  chosen.map(({ name, shape, fedAs }) => [name, shape, ...(fedAs === undefined ? [] : [fedAs])]);

describe('selectIo', () => {
  it('returns the model unchanged without options', () => {
    expect(choose({})).toEqual(model);
  });

  it('prunes to the requested outputs, in order', () => {
    const chosen = choose({ outputs: ['scaled:0', 'twice'] });
    expect(chosen.outputs).toEqual([
      { name: 'scaled:0', tensor: 'scaled' },
      { name: 'twice', tensor: 'twice' },
    ]);
    expect([...chosen.graph.keys()]).toEqual(['image', 'three', 'scaled', 'parts', 'twice']);
    expect(inputs(chosen)).toEqual([['photo', [1, -1, -1, 3]]]);
  });

  it('accepts the input of a node as an output', () => {
    expect(choose({ outputs: ['1:low'] }).outputs).toEqual([{ name: '1:low', tensor: 'limit' }]);
  });

  it('cuts all uses of a tensor', () => {
    const chosen = cut('parts:1[2,4]', 'twice');
    expect(lines(chosen.graph)).toEqual(['parts/input = Placeholder()', 'twice = Add(parts/input, parts/input)']);
    expect(chosen.inputs).toEqual([{ name: 'parts:1', node: 'parts/input', dtype: 'DT_FLOAT', shape: [2, 4] }]);
  });

  it('cuts one input of a node, and keeps other uses', () => {
    const chosen = cut('0:twice[4],photo', 'twice');
    expect(lines(chosen.graph).at(-1)).toBe('twice = Add(parts/input, parts:1)');
    expect(inputs(chosen)).toEqual([
      ['0:twice', [4]],
      ['photo', [1, -1, -1, 3]],
    ]);
  });

  it('handles a cut at an output', () => {
    expect(cut('low[2]', 'low').outputs).toEqual([{ name: 'low', tensor: 'low/input' }]);
  });

  it('converts inputs of another type, and sets unknown types', () => {
    expect(inputs(cut('photo{u8},limit{f32}'))).toEqual([
      ['photo', [1, -1, -1, 3], 'u8'],
      ['limit', [-1]],
    ]);
    expect(cut('odd[1]{i64}', 'end').inputs).toMatchObject([{ name: 'odd', dtype: 'DT_INT64' }]);
    expect(() => cut('odd[1]', 'end')).toThrow("the type of tensor 'odd' is unknown");
    expect(() => cut('photo{string}')).toThrow("input 'photo' is DT_FLOAT and cannot be fed as string");
  });

  it('sets shapes, by input or node name', () => {
    expect(inputs(cut('limit[7],image[1,4..9,?,3]'))).toEqual([
      ['limit', [7]],
      ['photo', [1, { min: 4, max: 9 }, -1, 3]],
    ]);
    const shaped = choose({ inputShapes: parseInputShapes('limit[7]') });
    expect(inputs(shaped)).toEqual([
      ['photo', [1, -1, -1, 3]],
      ['limit', [7]],
    ]);
    expect(inputs(cut('[1,2,2,3],[5]'))).toEqual([
      ['photo', [1, 2, 2, 3]],
      ['limit', [5]],
    ]);
  });

  it('rejects shapes that contradict the model, or each other', () => {
    expect(() => cut('photo[1,2,2,4]')).toThrow("input 'photo' has shape [1,?,?,3] and cannot become [1,2,2,4]");
    expect(() => cut('photo[1,2,2]')).toThrow('cannot become [1,2,2]');
    expect(() => choose({ inputShapes: parseInputShapes('limit[7]'), inputs: parseInputSpecs('limit[8]') })).toThrow(
      "input 'limit' has shape [7] and cannot become [8]",
    );
  });

  it('suggests names for unknown ones', () => {
    const remedy = expect.stringMatching(
      /'limit'\? Choose from the inputs photo, limit and the outputs low, twice, end\.$/,
    ) as string;
    expect(() => cut('limt[1]')).toThrow(expect.objectContaining({ code: 'not-found', remedy }));
    expect(() => choose({ outputs: ['nothing'] })).toThrow("the model has no output or tensor 'nothing'");
    expect(() => choose({ outputs: ['low', 'low'] })).toThrow("output 'low' is listed twice");
    expect(() => choose({ inputShapes: parseInputShapes('scaled[1]') })).toThrow("the model has no input 'scaled'");
    expect(() => cut('[1,2,2,3]')).toThrow('do not match the 2 inputs of the model');
  });
});

describe('the batch', () => {
  const open = inferenceGraphOf([node('y', 'Relu', ['x'])], ['y'], {
    inputs: [{ name: 'x', node: 'x', dtype: 'DT_FLOAT', shape: [-1, 3] }],
  });

  it('replaces a dynamic batch', () => {
    expect(choose({ batch: 4 }, open)).toMatchObject({ inputs: [{ shape: [4, 3] }] });
    expect(choose({ batch: 4 }, open)).not.toHaveProperty('batch');
  });

  it('has a default for dynamic batches only', () => {
    expect(choose({ dynamicBatch: 1 }, open)).toMatchObject({ inputs: [{ shape: [1, 3] }] });
    expect(choose({ dynamicBatch: 1, batch: 4 }, open)).toMatchObject({ inputs: [{ shape: [4, 3] }] });
    expect(choose({ dynamicBatch: 1, inputs: parseInputSpecs('x[3,3]') }, open)).toMatchObject({
      inputs: [{ shape: [3, 3] }],
    });
  });

  it('is requested of a model saved with batch 1', () => {
    expect(choose({ batch: 4 })).toMatchObject({ batch: 4, inputs: [{ shape: [1, -1, -1, 3] }, { shape: [-1] }] });
    expect(cut('photo[?,8,8,3]')).toMatchObject({ batch: -1, inputs: [{ shape: [1, 8, 8, 3] }, { shape: [-1] }] });
    expect(choose({ batch: 1 })).not.toHaveProperty('batch');
  });

  it('is rejected if a shape contradicts it', () => {
    expect(() => choose({ batch: 4, inputs: parseInputSpecs('x[3,3]') }, open)).toThrow(
      "input 'x' has shape [3,3], and its batch cannot become 4",
    );
  });
});
