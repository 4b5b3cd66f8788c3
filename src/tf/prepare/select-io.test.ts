import { describe, expect, it } from 'vitest';
import { closedOf, lines } from '../../../test/support/inference-graphs.ts';
import { constant, node, placeholder, type } from '../../../test/support/tf-records.ts';
import { vector } from '../../tensor/tensor.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import { parseInputShapes, parseInputSpecs } from '../input-spec.ts';
import { selectIo, type IoOptions } from './select-io.ts';

const float = { T: type('DT_FLOAT') };

const model = closedOf(
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
      { name: 'picture', node: 'image', dtype: 'DT_FLOAT', shape: [1, -1, -1, 3] },
      { name: 'limit', node: 'limit', dtype: 'DT_FLOAT', shape: [-1] },
    ],
  },
);

const choose = (options: IoOptions, closed = model): InferenceGraph => selectIo(closed, options);
const cut = (input: string, output?: string): InferenceGraph =>
  choose({ inputs: parseInputSpecs(input), ...(output && { outputs: [output] }) });
const inputs = ({ inputs: chosen }: InferenceGraph): readonly unknown[] =>
  chosen.map(({ name, shape, fedAs }) => [name, shape, ...(fedAs === undefined ? [] : [fedAs])]);

describe('chooseEnds', () => {
  it('leaves a model as it is where nothing is asked', () => {
    expect(choose({})).toEqual(model);
  });

  it('keeps only what the chosen outputs need, in their order', () => {
    const chosen = choose({ outputs: ['scaled:0', 'twice'] });
    expect(chosen.outputs).toEqual([
      { name: 'scaled:0', tensor: 'scaled' },
      { name: 'twice', tensor: 'twice' },
    ]);
    expect([...chosen.graph.keys()]).toEqual(['image', 'three', 'scaled', 'parts', 'twice']);
    expect(inputs(chosen)).toEqual([['picture', [1, -1, -1, 3]]]);
  });

  it('ends at what goes into a node', () => {
    expect(choose({ outputs: ['1:low'] }).outputs).toEqual([{ name: '1:low', tensor: 'limit' }]);
  });

  it('cuts at a tensor, wherever it goes', () => {
    const chosen = cut('parts:1[2,4]', 'twice');
    expect(lines(chosen.graph)).toEqual(['parts/input = Placeholder()', 'twice = Add(parts/input, parts/input)']);
    expect(chosen.inputs).toEqual([{ name: 'parts:1', node: 'parts/input', dtype: 'DT_FLOAT', shape: [2, 4] }]);
  });

  it('cuts at one input of a node, and keeps what feeds others', () => {
    const chosen = cut('0:twice[4],picture', 'twice');
    expect(lines(chosen.graph).at(-1)).toBe('twice = Add(parts/input, parts:1)');
    expect(inputs(chosen)).toEqual([
      ['0:twice', [4]],
      ['picture', [1, -1, -1, 3]],
    ]);
  });

  it('gives an output that is cut itself', () => {
    expect(cut('low[2]', 'low').outputs).toEqual([{ name: 'low', tensor: 'low/input' }]);
  });

  it('converts what is fed in another type, and takes the type of a tensor that has none', () => {
    expect(inputs(cut('picture{u8},limit{f32}'))).toEqual([
      ['picture', [1, -1, -1, 3], 'u8'],
      ['limit', [-1]],
    ]);
    expect(cut('odd[1]{i64}', 'end').inputs).toMatchObject([{ name: 'odd', dtype: 'DT_INT64' }]);
    expect(() => cut('odd[1]', 'end')).toThrow("the graph does not tell the type of 'odd'");
    expect(() => cut('picture{string}')).toThrow("input 'picture' is DT_FLOAT and cannot be fed as string");
  });

  it('fixes shapes, by the names of nodes too', () => {
    expect(inputs(cut('limit[7],image[1,4..9,?,3]'))).toEqual([
      ['limit', [7]],
      ['picture', [1, { min: 4, max: 9 }, -1, 3]],
    ]);
    const shaped = choose({ inputShapes: parseInputShapes('limit[7]') });
    expect(inputs(shaped)).toEqual([
      ['picture', [1, -1, -1, 3]],
      ['limit', [7]],
    ]);
    expect(inputs(cut('[1,2,2,3],[5]'))).toEqual([
      ['picture', [1, 2, 2, 3]],
      ['limit', [5]],
    ]);
  });

  it('refuses shapes that contradict the model, or each other', () => {
    expect(() => cut('picture[1,2,2,4]')).toThrow("input 'picture' has shape [1,?,?,3] and cannot become [1,2,2,4]");
    expect(() => cut('picture[1,2,2]')).toThrow('cannot become [1,2,2]');
    expect(() => choose({ inputShapes: parseInputShapes('limit[7]'), inputs: parseInputSpecs('limit[8]') })).toThrow(
      "input 'limit' has shape [7] and cannot become [8]",
    );
  });

  it('says what there is where a name is not', () => {
    const remedy = expect.stringMatching(
      /'limit'\? Its inputs are picture, limit; its outputs are low, twice, end\.$/,
    ) as string;
    expect(() => cut('limt[1]')).toThrow(expect.objectContaining({ code: 'not-found', remedy }));
    expect(() => choose({ outputs: ['nothing'] })).toThrow("there is no output or inner tensor 'nothing'");
    expect(() => choose({ outputs: ['low', 'low'] })).toThrow("the output 'low' is named twice");
    expect(() => choose({ inputShapes: parseInputShapes('scaled[1]') })).toThrow("there is no input 'scaled'");
    expect(() => cut('[1,2,2,3]')).toThrow('the model has 2 inputs');
  });
});

describe('the batch', () => {
  const open = closedOf([node('y', 'Relu', ['x'])], ['y'], {
    inputs: [{ name: 'x', node: 'x', dtype: 'DT_FLOAT', shape: [-1, 3] }],
  });

  it('is put where the model leaves it open', () => {
    expect(choose({ batch: 4 }, open)).toMatchObject({ inputs: [{ shape: [4, 3] }] });
    expect(choose({ batch: 4 }, open)).not.toHaveProperty('batch');
  });

  it('is asked of a model that was saved for one', () => {
    expect(choose({ batch: 4 })).toMatchObject({ batch: 4, inputs: [{ shape: [1, -1, -1, 3] }, { shape: [-1] }] });
    expect(cut('picture[?,8,8,3]')).toMatchObject({ batch: -1, inputs: [{ shape: [1, 8, 8, 3] }, { shape: [-1] }] });
    expect(choose({ batch: 1 })).not.toHaveProperty('batch');
  });

  it('does not become what a shape contradicts', () => {
    expect(() => choose({ batch: 4, inputs: parseInputSpecs('x[3,3]') }, open)).toThrow(
      "input 'x' has shape [3,3], and its batch cannot become 4",
    );
  });
});
