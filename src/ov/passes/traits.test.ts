import { describe, expect, it } from 'vitest';
import { Builder } from '../builder.ts';
import { type Graph, topological, type Value } from '../graph.ts';
import { Gather } from '../ops/gather.ts';
import { Transpose } from '../ops/movement.ts';
import { unary } from '../ops/support/elementwise.ts';
import { Batcher } from './batching/batcher.ts';
import { BATCHING_RULES } from './batching/batching-rules.ts';
import { sinkTransposes } from './sink-transposes.ts';

const Unheard = unary('Unheard', x => x);

const graphOf = (x: Value, y: Value): Graph => ({
  name: 'g',
  inputs: new Map([['x', x]]),
  outputs: new Map([['y', y]]),
});

const opsOf = (graph: Graph): readonly string[] =>
  topological(graph)
    .map(({ op }) => op.type)
    .filter(type => type !== 'Const');

describe('a unary op that no pass knows by name', () => {
  it('lets transposes pass', () => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [1, 2, 3, 4]);
    const toNchw = b.add(Transpose, [x, b.i64(0, 3, 1, 2)]);
    const toNhwc = b.add(Transpose, [b.add(Unheard, [toNchw]), b.i64(0, 2, 3, 1)]);
    expect(opsOf(sinkTransposes.run(graphOf(x, toNhwc)))).toEqual(['Parameter', 'Unheard']);
  });

  it('is batched', () => {
    const b = new Builder();
    const x = b.parameter('x', 'f32', [2, 3]);
    const copies = [0, 1].map(i => b.add(Unheard, [b.add(Gather, [x, b.scalar('i64', i), b.i64(0)])]));
    const batched = new Batcher(b, BATCHING_RULES).batch(copies);
    expect(batched).toMatchObject({ kind: 'batched', value: { shape: [2, 3], node: { op: Unheard, inputs: [x] } } });
  });
});
