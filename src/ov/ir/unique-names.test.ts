import { describe, expect, it } from 'vitest';
import { Builder } from '../builder.ts';
import { type Node, topological, type Value } from '../graph.ts';
import { Add } from '../ops/arithmetic.ts';
import { Relu } from '../ops/activation.ts';
import { uniqueNames } from './unique-names.ts';

const namesOf = (...outputs: readonly Value[]): readonly string[] => {
  const graph = { name: 'g', inputs: new Map<string, Value>(), outputs: new Map(outputs.map((v, i) => [`y${i}`, v])) };
  const nodes: readonly Node[] = topological(graph);
  const names = uniqueNames(nodes);
  return nodes.map(node => names.get(node)!);
};

describe('uniqueNames', () => {
  it('names the last node after the TensorFlow node, and appends the op types of the others', () => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [2]);
    b.origin = 'bias';
    const sum = b.add(Add, [x, b.scalar('f32', 1)]);
    expect(namesOf(b.add(Relu, [sum]))).toEqual(['x', 'bias/Const', 'bias/Add', 'bias']);
  });

  it('prefers an op to a later constant', () => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [2]);
    b.origin = 'both';
    expect(namesOf(b.add(Relu, [x]), b.scalar('f32', 1))).toEqual(['x', 'both', 'both/Const']);
  });

  it('numbers repeated names', () => {
    const b = new Builder();
    const x = b.parameter('n', 'f32', [2]);
    b.origin = 'n';
    const relus = Array.from({ length: 4 }, () => b.add(Relu, [x]));
    expect(namesOf(...relus)).toEqual(['n/Parameter', 'n/ReLU', 'n/ReLU_0', 'n/ReLU_1', 'n']);
  });

  it('avoids collisions with existing names', () => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [2]);
    const make = (origin: string): Value => {
      b.origin = origin;
      return b.add(Relu, [x]);
    };
    const names = namesOf(make('n'), make('n/ReLU'), make('n'), make('n/ReLU'), make(''), make('ReLU'));
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('n');
    expect(names).toContain('ReLU');
  });

  it('handles ten thousand equal names', () => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [2]);
    const names = namesOf(...Array.from({ length: 10_000 }, () => b.add(Relu, [x])));
    expect(new Set(names).size).toBe(10_001);
  });
});
