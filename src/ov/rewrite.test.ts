import { describe, expect, it } from 'vitest';
import { Builder } from './builder.ts';
import { type Graph, is, topological, type Value } from './graph.ts';
import { If } from './ops/control-flow.ts';
import { Abs, Add, Multiply, Negative } from './ops/arithmetic.ts';
import { Relu } from './ops/activation.ts';
import { rewrite, type RewriteNode, untilStable } from './rewrite.ts';

const b = new Builder();
const x = b.parameter('x', 'f32', [2]);
const graphOf = (...outputs: readonly Value[]): Graph => ({
  name: 'g',
  inputs: new Map([['x', x]]),
  outputs: new Map(outputs.map((value, i) => [`y${i}`, value])),
});
const output = (graph: Graph, i = 0): Value => graph.outputs.get(`y${i}`)!;

const dropAbs: RewriteNode = node => (is(node, Abs) ? [node.inputs[0]!] : undefined);

describe('rewriting', () => {
  it('returns the same graph if no rule applies', () => {
    const graph = graphOf(b.add(Relu, [x]));
    expect(rewrite(graph, dropAbs)).toBe(graph);
  });

  it('rebuilds the consumers of a replaced value, and nothing else', () => {
    const untouched = b.add(Relu, [x]);
    const graph = graphOf(b.add(Add, [b.add(Abs, [x]), untouched]));
    const after = rewrite(graph, dropAbs);
    expect(output(after).node.inputs).toEqual([x, untouched]);
    expect(output(after).node.inputs[1]).toBe(untouched);
    expect(after.inputs).toBe(graph.inputs);
  });

  it('keeps the names of outputs, also if several name one value', () => {
    const abs = b.add(Abs, [x]);
    const after = rewrite(graphOf(abs, abs, x), dropAbs);
    expect([...after.outputs]).toEqual([
      ['y0', x],
      ['y1', x],
      ['y2', x],
    ]);
  });

  it('passes rewritten inputs to a rule', () => {
    const chain = b.add(Abs, [b.add(Abs, [b.add(Abs, [x])])]);
    expect(output(rewrite(graphOf(chain), dropAbs))).toBe(x);
  });

  it('names new nodes after the node that they replace', () => {
    const named = new Builder();
    named.origin = 'layer/abs';
    const after = rewrite(graphOf(named.add(Abs, [x])), (node, { b: builder }) =>
      is(node, Abs) ? [builder.add(Relu, [node.inputs[0]!])] : undefined,
    );
    expect(output(after).node.name).toBe('layer/abs');
  });

  it('rewrites bodies before the node that contains them', () => {
    const p = b.parameter('p', 'f32', [2]);
    const body = (value: Value): Graph => ({
      name: 'b',
      inputs: new Map([['p', p]]),
      outputs: new Map([['r', value]]),
    });
    const bodies = [body(b.add(Abs, [p])), body(b.add(Relu, [p]))];
    const [y] = b.addWithBodies(If, [b.scalar('boolean', 1), x], { inputs: [[1], [1]] }, bodies);
    const after = output(rewrite(graphOf(y!), dropAbs)).node.bodies;
    expect(after[0]!.outputs.get('r')).toBe(p);
    expect(after[1]).toBe(bodies[1]);
  });

  it('folds nodes whose inputs become constant', () => {
    const sum = b.add(Add, [b.add(Abs, [x]), b.constant({ type: 'f32', shape: [2], data: new Float32Array([1, 2]) })]);
    const one = b.constant({ type: 'f32', shape: [2], data: new Float32Array([1, 1]) });
    const after = rewrite(graphOf(sum), node => (is(node, Abs) ? [one] : undefined));
    expect(output(after).node.constant?.data).toEqual(new Float32Array([2, 3]));
  });

  it('counts the consumers of a value and of the values that it replaced', () => {
    const abs = b.add(Abs, [x]);
    const graph = graphOf(b.add(Add, [abs, abs]), b.add(Negative, [abs]));
    const seen: number[] = [];
    rewrite(graph, (node, { b: builder, uses }) => {
      if (is(node, Abs)) return [builder.add(Relu, [node.inputs[0]!])];
      if (is(node, Add) || is(node, Negative)) seen.push(uses(node.inputs[0]!));
      return undefined;
    });
    expect(seen).toEqual([3, 3]);
  });
});

describe('until stable', () => {
  const halve: RewriteNode = node =>
    is(node, Multiply) && node.inputs[0]!.node.op === node.op ? [node.inputs[0]!] : undefined;

  it('stops when the graph no longer changes', () => {
    const graph = graphOf(x);
    expect(untilStable(graph, current => current)).toBe(graph);
    const chain = graphOf(b.add(Multiply, [b.add(Multiply, [x, x]), x]));
    const after = untilStable(chain, current => rewrite(current, halve));
    expect(topological(after).map(({ op }) => op.type)).toEqual(['Parameter', 'Multiply']);
  });

  it('stops at the limit', () => {
    let steps = 0;
    untilStable(graphOf(x), current => ({ ...current, name: String(++steps) }), 3);
    expect(steps).toBe(3);
  });
});
