import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlined } from '../../../test/support/inference-graphs.ts';
import { constant, functionOf, graphOf, node, placeholder } from '../../../test/support/tf-records.ts';
import { asDecantError } from '../../errors.ts';
import { scalar } from '../../tensor/tensor.ts';
import type { TfFunction, TfGraph, TfNode } from '../model.ts';
import { nodeOf, outputIndexOf } from '../tensor-name.ts';

const X = placeholder('x');

describe('random functions', () => {
  type Values = ReadonlyMap<string, number>;

  function evaluate(
    graph: TfGraph,
    functions: ReadonlyMap<string, TfFunction>,
    given: Values,
  ): (tensor: string) => number {
    const known = new Map<string, readonly number[]>();
    const run = ({ op, inputs }: TfNode): readonly number[] => {
      const values = inputs.map(value);
      const called = functions.get(op);
      if (called === undefined) return [values.reduce((mix, x) => (31 * mix + x) % 1_000_003, op.length)];
      const args = new Map(called.inputs.map(({ name }, i) => [name, values[i]!]));
      return [...called.returns.values()].map(evaluate(called.nodes, functions, args));
    };
    const value = (tensor: string): number => {
      const node = graph.get(nodeOf(tensor));
      if (node === undefined) return given.get(tensor)!;
      if (!known.has(node.name)) known.set(node.name, run(node));
      return known.get(node.name)![outputIndexOf(tensor)]!;
    };
    return value;
  }

  const functionsOf = (
    count: number,
    picks: readonly number[],
    ahead: (i: number) => number,
  ): readonly TfFunction[] => {
    let next = 0;
    const pick = (of: number): number => (of === 0 ? 0 : picks[next++ % picks.length]! % of);
    return Array.from({ length: count }, (_, i) => {
      const tensors = [`f${i}arg0`, `f${i}arg1`];
      const nodes = Array.from({ length: 1 + pick(4) }, (_, k): TfNode => {
        const callable = count - ahead(i);
        const op = callable > 0 && pick(2) === 1 ? `f${ahead(i) + pick(callable)}` : 'Add';
        const made = node(`n${k}`, op, [tensors[pick(tensors.length)]!, tensors[pick(tensors.length)]!]);
        tensors.push(...(op === 'Add' ? [`n${k}:z:0`] : [`n${k}:y0:0`, `n${k}:y1:0`]));
        return made;
      });
      const result = (): string => tensors[pick(tensors.length)]!;
      return functionOf(`f${i}`, [`f${i}arg0`, `f${i}arg1`], { y0: result(), y1: result() }, ...nodes);
    });
  };
  const plainly = (body: TfFunction): TfFunction => {
    const plain = (tensor: string): string => tensor.replace(/:(?:z|y(\d)):0$/, (_, k?: string) => `:${k ?? 0}`);
    const nodes = [...body.nodes.values()].map(each => ({ ...each, inputs: each.inputs.map(plain) }));
    const returns = [...body.returns].map(([name, tensor]) => [name, plain(tensor)] as const);
    return { ...body, nodes: graphOf(...nodes), returns: new Map(returns) };
  };
  const main = [X, constant('one', 'DT_FLOAT', scalar('f32', 1)), node('c', 'f0', ['x', 'one'])];
  const picks = fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 });

  it('compute the same after inlining', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), picks, (count, chosen) => {
        const functions = functionsOf(count, chosen, i => i + 1);
        const plain = new Map(functions.map(body => [body.name, plainly(body)]));
        const { graph, outputs } = inlined(main, functions, 'c:0', 'c:1');
        expect([...graph.values()].every(({ op }) => !op.startsWith('f'))).toBe(true);
        const expected = evaluate(graphOf(...main), plain, new Map());
        const found = evaluate(graph, new Map(), new Map());
        for (const { name, tensor } of outputs) expect(found(tensor)).toBe(expected(name));
      }),
      { numRuns: 300 },
    );
  });

  it('are inlined or rejected if they call each other arbitrarily', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), picks, (count, chosen) => {
        try {
          inlined(
            main,
            functionsOf(count, chosen, () => 0),
            'c:0',
            'c:1',
          );
        } catch (thrown) {
          expect(['unsupported', 'limit']).toContain(asDecantError(thrown).code);
        }
      }),
      { numRuns: 300 },
    );
  });
});
