import { expect, it } from 'vitest';
import { countTfOps } from './count-tf-ops.ts';
import type { TfGraph } from './model.ts';

const graphOf = (...ops: readonly string[]): TfGraph =>
  new Map(ops.map((op, i) => [`n${i}`, { name: `n${i}`, op, inputs: [], attrs: new Map() }]));

it('counts ops in the graph and its bodies, most frequent first', () => {
  const body = { name: 'body', inputs: [], graph: graphOf('Less', 'Add'), outputs: [] };
  const graph = graphOf('While', 'Add', 'Placeholder', 'Less', 'Add');
  const prepared = { name: 'm', graph, functions: new Map([['body', body]]), inputs: [], outputs: [], notes: [] };
  expect(Object.entries(countTfOps(prepared))).toEqual([
    ['Add', 3],
    ['Less', 2],
    ['Placeholder', 1],
    ['While', 1],
  ]);
});
