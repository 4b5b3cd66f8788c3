import { describe, expect, it } from 'vitest';
import { bodyOf, lines } from '../../../test/support/inference-graphs.ts';
import { call, func, functionOf, node } from '../../../test/support/tf-records.ts';
import type { TfFunction, TfNode } from '../model.ts';
import { bindAssignments } from './bind-assignments.ts';

const bound = (nodes: readonly TfNode[], functions: readonly TfFunction[] = [], name = ''): readonly string[] => {
  const body = bodyOf(name, ['v', 'x'], ['y'], ...nodes);
  return lines(bindAssignments(body, new Map(functions.map(each => [each.name, each]))).graph);
};

const assign = (name: string, value: string, ...after: readonly string[]): TfNode =>
  node(name, 'AssignVariableOp', ['v', value, ...after]);
const read = (...after: readonly string[]): TfNode => node('y', 'ReadVariableOp', ['v', ...after]);

describe('bindAssignments', () => {
  it('gives a read the value of the last assignment before it', () => {
    expect(bound([assign('a', 'x'), assign('b', 'z', '^a'), read('^b')])).toContain('y = Identity(z, ^b)');
    expect(bound([assign('a', 'x'), node('y', 'ResourceGather', ['v', 'i', '^a'])])).toContain('y = Gather(x, i, ^a)');
    expect(bound([node('h', 'Identity', ['v']), node('y', 'ReadVariableOp', ['h', '^a']), assign('a', 'x')])).toContain(
      'y = Identity(x, ^a)',
    );
  });

  it('reads reference variables by their uses, and assignments by their outputs', () => {
    const variable = node('v', 'VariableV2');
    const nodes = [variable, node('a', 'Assign', ['v', 'x'])];
    expect(bound([...nodes, node('y', 'Mul', ['a', 'v', '^a'])])).toEqual([
      'v = VariableV2()',
      'a = Identity(x)',
      'y = Mul(a, x, ^a)',
    ]);
  });

  it('keeps reads that no assignment precedes', () => {
    expect(bound([assign('a', 'x'), read()])).toContain('y = ReadVariableOp(v)');
    expect(bound([assign('a', 'x', '^y'), read()], [], 'function')).toContain('y = ReadVariableOp(v)');
    expect(bound([node('a', 'AssignVariableOp', ['w', 'x']), read('^a')])).toContain('y = ReadVariableOp(v, ^a)');
  });

  it.each<[what: string, op: string, nodes: readonly TfNode[]]>([
    ['a change of the old value', 'AssignAddVariableOp', [node('a', 'AssignAddVariableOp', ['v', 'x']), read('^a')]],
    ['a change of a part', 'ResourceScatterUpdate', [node('a', 'ResourceScatterUpdate', ['v', 'i', 'x']), read('^a')]],
    ['assignments in any order', 'AssignVariableOp', [assign('a', 'x'), assign('b', 'x'), read('^a', '^b')]],
    ['an assignment in a branch', 'AssignVariableOp', [node('s', 'Switch', ['v', 'c']), node('a', 'AssignVariableOp', ['s:1', 'x']), read('^a')]], // prettier-ignore
    ['an assignment in a function', 'AssignVariableOp', [call('a', 'outer', 'x', 'v'), read('^a')]],
    ['an assignment in a branch function', 'AssignVariableOp', [node('a', 'If', ['c', 'x', 'v'], { then_branch: func('outer') }), read('^a')]], // prettier-ignore
  ])('leaves a read to be refused after %s', (_what, op, nodes) => {
    const inner = functionOf('inner', ['h'], {}, node('set', 'AssignVariableOp', ['h', 'k']));
    const outer = functionOf('outer', ['x', 'h'], {}, call('c', 'inner', 'h'));
    expect(bound(nodes, [inner, outer])).toContain(`y = ${op}()`);
  });

  it('leaves a read to be refused before an assignment of the same iteration', () => {
    const loop = functionOf('caller', ['v'], {}, node('loop', 'While', ['v'], { body: func('body') }));
    expect(bound([assign('a', 'x', '^y'), read()], [loop], 'body')).toContain('y = AssignVariableOp()');
  });

  it('returns bodies without assignments unchanged', () => {
    const body = bodyOf('', ['v'], ['y'], read());
    expect(bindAssignments(body, new Map())).toBe(body);
  });
});
