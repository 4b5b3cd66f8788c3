import { describe, expect, it } from 'vitest';
import { Builder } from './builder.ts';
import { countNodes, countUses, type Graph, is, topological, type Value } from './graph.ts';
import { If } from './ops/control-flow.ts';
import { Add, Multiply } from './ops/arithmetic.ts';
import { Relu } from './ops/activation.ts';

const graphOf = (inputs: readonly Value[], outputs: readonly Value[]): Graph => ({
  name: 'g',
  inputs: new Map(inputs.map((value, i) => [`x${i}`, value])),
  outputs: new Map(outputs.map((value, i) => [`y${i}`, value])),
});

describe('a graph', () => {
  const b = new Builder();
  const x = b.parameter('x', 'f32', [2]);
  const unused = b.parameter('unused', 'f32', [2]);
  const sum = b.add(Add, [x, x]);
  const product = b.add(Multiply, [sum, x]);
  const graph = graphOf([x, unused], [product, sum, sum]);

  it('sorts nodes after their inputs, including unused parameters, each node once', () => {
    expect(topological(graph)).toEqual([x.node, unused.node, sum.node, product.node]);
  });

  it('counts uses, including graph outputs', () => {
    const uses = countUses(graph);
    expect([x, unused, sum, product].map(value => uses.get(value) ?? 0)).toEqual([3, 0, 3, 1]);
  });

  it('compares ops by identity', () => {
    expect(is(sum.node, Add)).toBe(true);
    expect(is(sum.node, Multiply)).toBe(false);
  });

  it('counts the nodes of bodies', () => {
    const p = b.parameter('p', 'f32', [2]);
    const body = graphOf([p], [b.add(Relu, [p])]);
    const condition = b.parameter('c', 'boolean', []);
    const [y] = b.addWithBodies(If, [condition, x], { inputs: [[1], [1]] }, [body, body]);
    expect(countNodes(graphOf([condition, x], [y!]))).toBe(3 + 2 + 2);
  });

  it('sorts a chain of a hundred thousand nodes', () => {
    let value: Value = x;
    for (let i = 0; i < 100_000; i++) value = b.add(Relu, [value]);
    expect(topological(graphOf([x], [value])).length).toBe(100_001);
  });
});
