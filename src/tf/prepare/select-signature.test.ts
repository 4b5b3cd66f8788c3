import { describe, expect, it } from 'vitest';
import { constant, modelOf, node, placeholder, signatureOf, type } from '../../../test/support/tf-records.ts';
import { scalar } from '../../tensor/tensor.ts';
import type { Signature, TensorInfo, TfNode } from '../model.ts';
import { selectSignature } from './select-signature.ts';

const GRAPH = [placeholder('p'), placeholder('q', 'DT_UINT8', [1, -1]), node('y', 'Split', ['p', 'q'])];
const SERVE = signatureOf({ b: 'p:0', a: 'q:0' }, { z: 'y:0', Y: 'y:1', same: 'y:0' });

const choose = (signatures: Readonly<Record<string, Signature>>, key?: string) =>
  selectSignature(modelOf(GRAPH, { signatures }), key);

describe('a signature', () => {
  it('has inputs and outputs sorted by name, also several for one tensor', () => {
    const { inputs, outputs } = choose({ other: signatureOf({}, { y: 'y' }), serving_default: SERVE });
    expect(inputs).toEqual([
      { name: 'a', node: 'q', dtype: 'DT_UINT8', shape: [1, -1] },
      { name: 'b', node: 'p', dtype: 'DT_FLOAT', shape: undefined },
    ]);
    expect(outputs).toEqual([
      { name: 'Y', tensor: 'y:1' },
      { name: 'same', tensor: 'y:0' },
      { name: 'z', tensor: 'y:0' },
    ]);
  });

  it('is the requested one, the default, or the only one', () => {
    expect(choose({ x: SERVE, y: signatureOf({}, { y: 'y' }) }, 'y').outputs).toEqual([{ name: 'y', tensor: 'y' }]);
    expect(choose({ x: SERVE }).inputs.length).toBe(2);
    expect(() => choose({ x: SERVE, y: SERVE }, 'z')).toThrow(
      expect.objectContaining({ code: 'not-found', remedy: 'Choose one of: x, y.' }) as unknown,
    );
    expect(() => choose({ x: SERVE, y: SERVE })).toThrow(
      expect.objectContaining({ code: 'invalid-argument', remedy: 'Choose one with --signature: x, y.' }) as unknown,
    );
    expect(() => choose({}, 'x')).toThrow(`the model has no signature 'x': it has no signatures`);
  });

  it('takes types from the graph and shapes from the signature', () => {
    const inputs = new Map<string, TensorInfo>([
      ['q', { tensor: 'q:0', dtype: 'DT_FLOAT', shape: [1, 7] }],
      ['y', { tensor: 'y', dtype: 'DT_HALF', shape: undefined }],
    ]);
    expect(choose({ x: { ...SERVE, inputs } }).inputs).toEqual([
      { name: 'q', node: 'q', dtype: 'DT_UINT8', shape: [1, 7] },
      { name: 'y', node: 'y', dtype: 'DT_HALF', shape: undefined },
    ]);
  });

  it('must refer to tensors of the graph', () => {
    const refusal = (inputs: Record<string, string>, outputs: Record<string, string>): unknown => {
      try {
        return choose({ x: signatureOf(inputs, outputs) });
      } catch (thrown) {
        return thrown;
      }
    };
    expect(refusal({ a: 'gone:0' }, { y: 'y' })).toMatchObject({
      code: 'malformed',
      message: `signature input 'a' is 'gone:0', which is not in the graph`,
    });
    expect(refusal({}, { y: 'gone' })).toMatchObject({ code: 'malformed' });
    expect(refusal({}, { y: '' })).toMatchObject({
      code: 'unsupported',
      message: `signature output 'y' is not a dense tensor`,
    });
    expect(refusal({ a: 'y:1' }, { y: 'y' })).toMatchObject({ code: 'unsupported' });
    expect(refusal({ a: 'p' }, {})).toMatchObject({ code: 'unsupported', message: 'the signature has no outputs' });
    expect(refusal({ a: 'y' }, { y: 'y' })).toMatchObject({ code: 'malformed' });
  });
});

describe('a graph without signatures', () => {
  const io = (...nodes: readonly TfNode[]): readonly [inputs: readonly string[], outputs: readonly string[]] => {
    const { inputs, outputs } = selectSignature(modelOf(nodes));
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

  it('includes nodes that depend on both a variable and an input', () => {
    const variable = node('v', 'VariableV2');
    expect(io(placeholder('p'), variable, node('y', 'Mul', ['p', 'v']))).toEqual([['p'], ['y']]);
  });

  it('is rejected without outputs', () => {
    expect(() => io(placeholder('p'), node('n', 'NoOp', ['^p']))).toThrow('the graph has no outputs');
  });
});
