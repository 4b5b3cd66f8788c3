import { describe, expect, it } from 'vitest';
import { bodyOf, inferenceGraphOf, lines } from '../../../test/support/inference-graphs.ts';
import { func, int, node, text } from '../../../test/support/tf-records.ts';
import { numbersOf, tensorOf } from '../../tensor/tensor.ts';
import { attrTensor } from '../attrs.ts';
import type { TfGraph, TfTensor } from '../model.ts';
import { freezeVariables } from './freeze-variables.ts';

const value = (number: number): TfTensor => {
  const tensor = tensorOf('f32', [1], [number]);
  return { dtype: 'DT_FLOAT', shape: [1], data: () => tensor };
};

const numberIn = (graph: TfGraph, name: string): number => numbersOf(attrTensor(graph.get(name)!, 'value').data())[0]!;

describe('freezeVariables', () => {
  it('replaces variables by constants, and resource ops by ops on values', () => {
    const nodes = [
      node('w', 'VarHandleOp'),
      node('call/w', 'VarHandleOp', [], { shared_name: text('shared') }),
      node('r', 'VariableV2'),
      node('read', 'ReadVariableOp', ['w']),
      node('rows', 'ResourceGather', ['w', 'read']),
      node('items', 'ResourceGatherNd', ['w', 'read']),
      node('sizes', 'VariableShape', ['w']),
      node('loop', 'While', ['w'], { body: func('body') }),
    ];
    const inner = bodyOf('body', ['w'], ['sum'], node('v', 'VarHandleOp', [], { shared_name: text('shared') }), node('sum', 'ReadVariableOp', ['w'])); // prettier-ignore
    const variables = new Map([['w', value(1)], ['shared', value(2)], ['r', value(3)]]); // prettier-ignore
    const { graph, functions } = freezeVariables(inferenceGraphOf(nodes, ['loop'], { functions: [inner] }), {
      variables,
    });
    expect(lines(graph)).toEqual([
      'w = Const()',
      'call/w = Const()',
      'r = Const()',
      'read = Identity(w)',
      'rows = Gather(w, read)',
      'items = GatherNd(w, read)',
      'sizes = Shape(w)',
      'loop = While(w)',
    ]);
    expect(['w', 'call/w', 'r'].map(name => numberIn(graph, name))).toEqual([1, 2, 3]);
    const body = functions.get('body')!.graph;
    expect(lines(body)).toEqual(['v = Const()', 'sum = Identity(w)']);
    expect(numberIn(body, 'v')).toBe(2);
  });

  it('rejects a variable without a value', () => {
    const model = inferenceGraphOf([node('scope/w', 'VarHandleOp')], ['scope/w']);
    expect(() => freezeVariables(model, { variables: new Map() })).toThrow(
      expect.objectContaining({
        code: 'not-found',
        message: `variable 'scope/w' has no value in the checkpoint`,
      }) as unknown,
    );
    expect(() => freezeVariables(model, {})).toThrow('there is no checkpoint beside the graph');
  });

  it('rejects batch_dims', () => {
    const model = inferenceGraphOf([node('g', 'ResourceGather', ['w', 'i'], { batch_dims: int(1) })], ['g']);
    expect(() => freezeVariables(model, {})).toThrow(`ResourceGather 'g' with batch_dims is not supported`);
  });

  it('ignores ops named like Object properties', () => {
    const nodes = [node('a', 'toString'), node('b', 'constructor'), node('c', '__proto__')];
    expect(freezeVariables(inferenceGraphOf(nodes, ['a']), {}).graph).toEqual(inferenceGraphOf(nodes, ['a']).graph);
  });
});
