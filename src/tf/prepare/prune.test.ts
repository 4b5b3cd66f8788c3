import { describe, expect, it } from 'vitest';
import { bodyOf, inferenceGraphOf } from '../../../test/support/inference-graphs.ts';
import { call, func, graphOf, node, placeholder } from '../../../test/support/tf-records.ts';
import { functionsNamedIn, reachable, prune } from './prune.ts';

const input = (name: string) => ({ name, node: name, dtype: 'DT_FLOAT', shape: undefined }) as const;

describe('prune', () => {
  it('keeps the dependencies of outputs in topological order', () => {
    const model = inferenceGraphOf(
      [
        node('y', 'Add', ['x', 'c:1']),
        node('dead', 'Relu', ['y']),
        node('c', 'Split', ['x', '^dead']),
        node('x', 'Const'),
      ],
      ['y:0'],
    );
    expect([...prune(model).graph.keys()]).toEqual(['x', 'c', 'y']);
  });

  it('stops at inputs, keeps unused inputs, and adds other placeholders', () => {
    const nodes = [
      node('a', 'Relu', ['before']),
      node('before', 'Const'),
      placeholder('hidden'),
      placeholder('idle'),
      node('y', 'Add', ['a', 'hidden']),
    ];
    const { graph, inputs } = prune(inferenceGraphOf(nodes, ['y'], { inputs: [input('a'), input('idle')] }));
    expect([...graph.keys()]).toEqual(['a', 'hidden', 'y']);
    expect(inputs.map(({ name }) => name)).toEqual(['a', 'idle', 'hidden']);
  });

  it('keeps bodies in use, directly or through other bodies', () => {
    const functions = [
      bodyOf(
        'f',
        ['x'],
        ['l'],
        node('l', 'While', ['x'], { body: func('g') }),
        node('dead', 'While', [], { body: func('h') }),
      ),
      bodyOf('g', ['x'], ['x'], node('dead', 'NoOp')),
      bodyOf('h', [], []),
    ];
    const pruned = prune(inferenceGraphOf([node('y', 'If', [], { then_branch: func('f') })], ['y'], { functions }));
    expect([...pruned.functions.keys()]).toEqual(['f', 'g']);
    expect([...pruned.functions.get('f')!.graph.keys()]).toEqual(['l']);
    expect([...pruned.functions.get('g')!.graph.keys()]).toEqual([]);
  });

  it('rejects cycles and missing nodes', () => {
    const cycle = [node('a', 'Relu', ['b']), node('b', 'Relu', ['a'])];
    expect(() => prune(inferenceGraphOf(cycle, ['a']))).toThrow('the graph has a cycle: a -> b -> a');
    expect(() => prune(inferenceGraphOf([node('a', 'Relu', ['gone'])], ['a']))).toThrow(
      `'a' uses 'gone', which is not in the graph`,
    );
    expect(() => prune(inferenceGraphOf([], ['a']))).toThrow(`output 'a' is not in the graph`);
    expect([...reachable(bodyOf('', [], ['a'], ...cycle)).graph.keys()]).toEqual(['a', 'b']);
  });

  it('handles long chains', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) => node(`n${i}`, 'Relu', i === 0 ? [] : [`n${i - 1}`]));
    expect(prune(inferenceGraphOf(chain.toReversed(), ['n49999'])).graph.size).toBe(50_000);
  });
});

it('finds functions in nested attributes', () => {
  const branches = { kind: 'list', value: [func('a'), func('b'), func('')] } as const;
  const graph = graphOf(node('x', 'Case', [], { branches }), call('y', 'c'), node('z', 'Relu'));
  expect([...functionsNamedIn(graph)]).toEqual(['a', 'b', 'c']);
});
