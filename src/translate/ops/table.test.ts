import { describe, expect, it } from 'vitest';
import { inferenceGraphOf } from '../../../test/support/inference-graphs.ts';
import { runOnOpenVino } from '../../../test/ops/run-on-openvino.ts';
import { constant, node, placeholder } from '../../../test/support/tf-records.ts';
import type { Graph } from '../../ov/graph.ts';
import { packStrings } from '../../tensor/strings.ts';
import { numbersOf, type Tensor, tensorOf, vector } from '../../tensor/tensor.ts';
import type { DataType } from '../../tf/data-type.ts';
import type { TfNode } from '../../tf/model.ts';
import { translate } from '../translate.ts';

const lookUp = (
  keys: TfNode,
  values: TfNode,
  query: TfNode,
  op = 'LookupTableFindV2',
  ...more: readonly string[]
): Promise<Graph> => {
  const inputs =
    query.op === 'Placeholder' ? [{ name: 'query', node: 'query', dtype: 'DT_INT64', shape: [-1, 2] } as const] : [];
  const fallback = constant('fallback', 'DT_FLOAT', tensorOf('f32', [], [-1]));
  const find = node('find', op, ['keys', 'values', 'query', 'fallback']);
  return translate(inferenceGraphOf([keys, values, query, fallback, find], ['find', ...more], { inputs }));
};

const keys = (dtype: DataType, tensor: Tensor): TfNode => constant('keys', dtype, tensor);
const KEYS = keys('DT_INT64', vector('i64', [3, -7, 1000]));
const VALUES = constant('values', 'DT_FLOAT', tensorOf('f32', [3], [0.5, 0.25, 8]));
const WORDS = keys('DT_STRING', packStrings([3], ['cat', 'dog', 'bird']));
const QUERY = placeholder('query', 'DT_INT64');

const constants = (graph: Graph): readonly unknown[] =>
  [...graph.outputs.values()].map(({ node: { constant: value } }) => value && [value.shape, [...numbersOf(value)]]);

describe('hash tables', () => {
  it('look up numbers at inference', async () => {
    const query = tensorOf('i64', [2, 2], [-7, 4, 1000, 3]);
    const { inferred, outputs } = await runOnOpenVino(await lookUp(KEYS, VALUES, QUERY), new Map([['query', query]]));
    expect(inferred.get('find')).toBe('f32[?,2]');
    expect([...numbersOf(outputs.get('find')!)]).toEqual([0.25, -1, 8, 0.5]);
  });

  it('look up constant queries at conversion', async () => {
    const query = constant('query', 'DT_INT64', tensorOf('i64', [2, 1], [3, 5]));
    expect(constants(await lookUp(KEYS, VALUES, query))).toEqual([[[2, 1], [0.5, -1]]]); // prettier-ignore
    const words = constant('query', 'DT_STRING', packStrings([2], ['bird', 'cow']));
    expect(constants(await lookUp(WORDS, VALUES, words))).toEqual([[[2], [8, -1]]]); // prettier-ignore
  });

  it('return the default if they are empty', async () => {
    const none = constant('values', 'DT_FLOAT', tensorOf('f32', [0], []));
    const graph = await lookUp(keys('DT_INT64', vector('i64', [])), none, QUERY);
    const { outputs } = await runOnOpenVino(graph, new Map([['query', tensorOf('i64', [2, 2], [-7, 4, 0, 3])]]));
    expect([...numbersOf(outputs.get('find')!)]).toEqual([-1, -1, -1, -1]);
  });

  it('return their size and contents', async () => {
    const query = constant('query', 'DT_INT64', vector('i64', []));
    expect(constants(await lookUp(KEYS, VALUES, query, 'LookupTableSizeV2'))).toEqual([[[], [3]]]);
    expect(constants(await lookUp(KEYS, VALUES, query, 'LookupTableExportV2', 'find:1'))).toEqual([
      [[3], [3, -7, 1000]],
      [[3], [0.5, 0.25, 8]],
    ]);
  });

  it('reject unsupported lookups', async () => {
    const words = constant('values', 'DT_STRING', packStrings([3], ['cat', 'dog', 'bird']));
    const many = keys('DT_INT64', tensorOf('i64', [2 ** 16 + 1], new Float64Array(2 ** 16 + 1)));
    const long = keys('DT_INT64', vector('i64', [1, 2 ** 31, 3]));
    const unsupported = expect.objectContaining({ code: 'unsupported' }) as unknown;
    await expect(lookUp(KEYS, words, QUERY)).rejects.toThrow('LookupTableFindV2 returns strings');
    await expect(lookUp(WORDS, VALUES, QUERY)).rejects.toThrow(unsupported);
    await expect(lookUp(long, VALUES, QUERY)).rejects.toThrow('keys of more than 32 bits');
    await expect(lookUp(many, VALUES, QUERY)).rejects.toThrow(expect.objectContaining({ code: 'limit' }) as unknown);
  });
});
