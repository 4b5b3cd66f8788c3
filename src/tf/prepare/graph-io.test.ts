import { describe, expect, it } from 'vitest';
import { constant, graphOf, node, placeholder, type } from '../../../test/support/tf-records.ts';
import { scalar } from '../../tensor/tensor.ts';
import type { TfNode } from '../model.ts';
import { graphIo } from './graph-io.ts';

describe('graphIo', () => {
  const io = (...nodes: readonly TfNode[]): readonly [inputs: readonly string[], outputs: readonly string[]] => {
    const { inputs, outputs } = graphIo(graphOf(...nodes), []);
    return [inputs.map(({ name }) => name), outputs.map(({ tensor }) => tensor)];
  };
  const one = constant('one', 'DT_FLOAT', scalar('f32', 1));

  it('has placeholders as inputs and unused nodes as outputs', () => {
    const sum = node('sum', 'AddV2', ['p', 'one']);
    expect(io(placeholder('p'), one, sum, node('y', 'Identity', ['sum']), node('z', 'Relu', ['sum']))).toEqual([
      ['p'],
      ['y', 'z'],
    ]);
    expect(io(one, node('anchors', 'Identity', ['one']))).toEqual([[], ['anchors']]);
  });

  it('has placeholders with a default as inputs only without others, and never scalars', () => {
    const withDefault = (name: string, shape: readonly number[]): TfNode =>
      node(name, 'PlaceholderWithDefault', ['one'], {
        dtype: type('DT_FLOAT'),
        shape: { kind: 'shape', value: shape },
      });
    const image = withDefault('image', [-1, 4]);
    const flag = withDefault('flag', []);
    const sum = node('y', 'AddV2', ['image', 'flag']);
    expect(io(one, image, flag, sum)).toEqual([['image'], ['y']]);
    expect(io(one, image, flag, sum, placeholder('p'), node('z', 'Relu', ['p']))).toEqual([['p'], ['y', 'z']]);
  });

  it('excludes nodes that check, log, save or count', () => {
    const nodes = [
      placeholder('p'),
      placeholder('training', 'DT_BOOL'),
      one,
      node('y', 'Softmax', ['p']),
      node('log', 'HistogramSummary', ['one', 'y']),
      node('logs', 'MergeSummary', ['log']),
      node('check', 'Assert', ['training', 'one']),
      node('unused', 'VariableV2'),
      node('unused/read', 'Identity', ['unused'], { T: type('DT_FLOAT') }),
      node('unused/Assign', 'Assign', ['unused', 'one']),
      node('counted', 'AssignAddVariableOp', ['unused', 'one']),
      node('file', 'Const'),
      node('save/name', 'Identity', ['file'], { T: type('DT_STRING') }),
      node('save', 'SaveV2', ['file', 'unused']),
      node('init', 'NoOp', ['^unused/Assign']),
      node('array', 'TensorArrayV3', ['one']),
      node('close', 'TensorArrayCloseV3', ['array']),
    ];
    expect(io(...nodes)).toEqual([['p'], ['y']]);
  });

  it('excludes lists, tables and other handles that nobody reads', () => {
    const handles = [
      node('list', 'TensorListReserve', ['one', 'one'], { element_dtype: type('DT_FLOAT') }),
      node('grown', 'TensorListPushBack', ['list', 'one'], { element_dtype: type('DT_FLOAT') }),
      node('passed', 'Identity', ['list'], { T: type('DT_VARIANT') }),
      node('array', 'TensorArrayV3', ['one'], { dtype: type('DT_FLOAT') }),
      node('written', 'TensorArrayWriteV3', ['array', 'one', 'one', 'array:1'], { T: type('DT_FLOAT') }),
      node('unused array', 'TensorArrayV3', ['one'], { dtype: type('DT_FLOAT') }),
      node('table', 'HashTableV2', []),
      node('optional', 'OptionalFromValue', ['one']),
      node('slices', 'TensorSliceDataset', ['one']),
      node('queue', 'FIFOQueueV2', []),
      node('enqueue', 'QueueEnqueueV2', ['queue', 'p']),
    ];
    const reads = [
      node('item', 'TensorArrayReadV3', ['array', 'one', 'array:1'], { dtype: type('DT_FLOAT') }),
      node('stack', 'TensorListStack', ['list', 'one'], { element_dtype: type('DT_FLOAT') }),
    ];
    expect(io(placeholder('p'), one, node('y', 'Softmax', ['p']), ...handles, ...reads)).toEqual([
      ['p'],
      ['y', 'item', 'stack'],
    ]);
  });

  it('excludes the counter of a loop of which another state is read', () => {
    const loop = node('while', 'StatelessWhile', ['one', 'p']);
    const counter = node('while/Identity', 'Identity', ['while']);
    const state = node('while/Identity_1', 'Identity', ['while:1']);
    const nodes = [placeholder('p'), one, loop, counter, state];
    expect(io(...nodes)).toEqual([['p'], ['while/Identity', 'while/Identity_1']]);
    expect(io(...nodes, node('y', 'Relu', ['while/Identity_1']))).toEqual([['p'], ['y']]);
    expect(io(...nodes, node('y', 'Relu', ['while:1']))).toEqual([['p'], ['y']]);
  });

  it('includes the state of a loop under a name outside of it', () => {
    const loop = node('while', 'StatelessWhile', ['one', 'p']);
    const steps = node('Identity_1', 'Identity', ['while']);
    expect(io(placeholder('p'), one, loop, steps, node('Identity', 'Relu', ['while:1']))).toEqual([
      ['p'],
      ['Identity_1', 'Identity'],
    ]);
  });

  it('includes nodes that depend on both a variable and an input', () => {
    const variable = node('v', 'VariableV2');
    expect(io(placeholder('p'), variable, node('y', 'Mul', ['p', 'v']))).toEqual([['p'], ['y']]);
  });

  const texts = placeholder('texts', 'DT_STRING');
  const joined = node('joined', 'StringJoin', ['texts', 'texts']);

  it('leaves texts out with a note, unless there are only texts', () => {
    const lengths = node('lengths', 'Shape', ['texts'], { T: type('DT_STRING') });
    expect(io(texts, lengths)).toEqual([['texts'], ['lengths']]);
    expect(graphIo(graphOf(texts, joined, lengths), [])).toMatchObject({
      outputs: [{ tensor: 'lengths' }],
      notes: ["Output 'joined' is left out: it is text. To keep it, list it in --output."],
    });
    expect(graphIo(graphOf(texts, joined), [])).toMatchObject({ outputs: [{ tensor: 'joined' }], notes: [] });
  });

  it('has constants as outputs if there is nothing else', () => {
    expect(io(one)).toEqual([[], ['one']]);
    expect(io(one, placeholder('p'), node('y', 'Relu', ['p']))).toEqual([['p'], ['y']]);
  });

  it('has requested tensors as outputs', () => {
    const graph = graphOf(placeholder('p'), placeholder('q'), node('y', 'Relu', ['p']), node('n', 'NoOp', ['^q']));
    const { inputs, outputs } = graphIo(graph, ['q', 'p:0', 'gone']);
    expect(inputs.map(({ name }) => name)).toEqual(['p', 'q']);
    expect(outputs).toEqual([
      { name: 'y', tensor: 'y' },
      { name: 'q', tensor: 'q' },
    ]);
  });

  it('rejects graphs without results', () => {
    const nodes = [placeholder('p'), node('n', 'NoOp', ['^p'])];
    expect(() => graphIo(graphOf(...nodes), [])).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: 'no node of the graph is a result, only NoOp, Placeholder',
        remedy: expect.stringContaining('--output') as string,
      }) as unknown,
    );
    expect(() => graphIo(graphOf(), [])).toThrow('the graph is empty');
  });
});
