import { describe, expect, it } from 'vitest';
import { bodyOf, inferenceGraphOf, lines } from '../../../test/support/inference-graphs.ts';
import {
  call,
  constant,
  functionOf,
  int,
  modelOf,
  node,
  placeholder,
  text,
  type,
} from '../../../test/support/tf-records.ts';
import { packStrings, unpackStrings } from '../../tensor/strings.ts';
import { numbersOf, tensorOf, vector } from '../../tensor/tensor.ts';
import { attrTensor } from '../attrs.ts';
import type { InferenceGraph } from '../inference-graph.ts';
import type { TfModel, TfNode } from '../model.ts';
import { freezeTables } from './freeze-tables.ts';

const TABLE = node('table', 'HashTableV2', [], { key_dtype: type('DT_INT64'), value_dtype: type('DT_FLOAT') });
const KEYS = constant('keys', 'DT_INT64', vector('i64', [3, -7]));
const VALUES = constant('values', 'DT_FLOAT', tensorOf('f32', [2], [0.5, 0.25]));
const DEFAULT = constant('default', 'DT_FLOAT', tensorOf('f32', [], [-1]));
const LOOKUP = [placeholder('ids', 'DT_INT64'), DEFAULT, node('find', 'LookupTableFindV2', ['same', 'ids', 'default'])];
const SAME = node('same', 'Identity', ['table']);
const MODEL = inferenceGraphOf([TABLE, SAME, ...LOOKUP], ['find']);

const freeze = (nodes: readonly TfNode[], rest: Parameters<typeof modelOf>[1] = {}, model = MODEL): InferenceGraph =>
  freezeTables(model, modelOf([TABLE, SAME, ...LOOKUP, ...nodes], rest));

const contents = ({ graph }: InferenceGraph): readonly (readonly number[])[] =>
  graph
    .get('find')!
    .inputs.slice(0, 2)
    .map(name => [...numbersOf(attrTensor(graph.get(name)!, 'value').data())]);

describe('freezeTables', () => {
  it.each(['LookupTableImportV2', 'InitializeTableV2'])('freezes a table initialized by %s', op => {
    const frozen = freeze([KEYS, VALUES, node('fill', op, ['table', 'keys', 'values'])]);
    expect(lines(frozen.graph)).toContain('find = LookupTableFindV2(find/keys, find/values, ids, default)');
    expect(contents(frozen)).toEqual([[3, -7], [0.5, 0.25]]); // prettier-ignore
  });

  it('finds initializers inside functions', () => {
    const fill = functionOf('fill', ['t', 'k', 'v'], {}, node('i', 'LookupTableImportV2', ['t', 'k', 'v']));
    const nodes = [KEYS, VALUES, call('init', 'fill', 'table', 'keys', 'values')];
    expect(contents(freeze(nodes, { functions: [fill] }))).toEqual([[3, -7], [0.5, 0.25]]); // prettier-ignore
  });

  const fromFile = node('fill', 'InitializeTableFromTextFileV2', ['table', 'name'], {
    key_index: int(1),
    value_index: int(0),
    delimiter: text(','),
  });
  const bytes = new TextEncoder().encode('0.5,3\n0.25,-7\n');

  it.each<readonly [string, readonly TfNode[], Pick<TfModel, 'assets'>]>([
    [
      'its name',
      [constant('name', 'DT_STRING', packStrings([], ['/home/me/ids.txt']))],
      { assets: new Map([['ids.txt', bytes]]) },
    ],
    ['the node that holds its name', [placeholder('name', 'DT_STRING')], { assets: new Map([['name', bytes]]) }],
    [
      'a variable that holds its name',
      [
        placeholder('asset', 'DT_STRING'),
        node('v', 'VarHandleOp'),
        node('assign', 'AssignVariableOp', ['v', 'asset']),
        node('name', 'ReadVariableOp', ['v', '^assign']),
      ],
      { assets: new Map([['asset', bytes]]) },
    ],
  ])('finds the vocabulary file by %s', (_, nodes, { assets }) => {
    expect(contents(freeze([fromFile, ...nodes], { assets: assets! }))).toEqual([[3, -7], [0.5, 0.25]]); // prettier-ignore
    expect(() => freeze([fromFile, ...nodes])).toThrow(expect.objectContaining({ code: 'not-found' }) as unknown);
  });

  it('returns graphs without lookups unchanged', () => {
    const graph = inferenceGraphOf([placeholder('x')], ['x']);
    expect(freeze([], {}, graph)).toBe(graph);
  });

  it('avoids names in use', () => {
    const nodes = [TABLE, SAME, ...LOOKUP, node('find/keys', 'Abs', ['find'])];
    const fill = node('fill', 'LookupTableImportV2', ['table', 'keys', 'values']);
    const { graph } = freeze([KEYS, VALUES, fill], {}, inferenceGraphOf(nodes, ['find/keys']));
    expect(lines(graph)).toContain('find/keys = Abs(find)');
    expect(graph.get('find')?.inputs[0]).toBe('find/keys_');
  });

  const inserting = (name: string, table: string, keys = 'keys'): TfNode =>
    node(name, 'LookupTableInsertV2', [table, keys, 'values']);
  const afterAll = (...inserts: readonly TfNode[]): InferenceGraph => {
    const find = node('find', 'LookupTableFindV2', [
      'same',
      'ids',
      'default',
      ...inserts.map(({ name }) => `^${name}`),
    ]);
    const nodes = [TABLE, SAME, ...LOOKUP.slice(0, 2), find, KEYS, VALUES, OTHERS, ...inserts];
    return freezeTables(MODEL, modelOf(nodes));
  };
  const OTHERS = constant('others', 'DT_INT64', vector('i64', [3, 4]));

  it('joins inserts in any order', () => {
    const more = constant('more', 'DT_INT64', vector('i64', [8, 9]));
    const find = node('find', 'LookupTableFindV2', ['same', 'ids', 'default', '^a', '^b']);
    const nodes = [KEYS, VALUES, more, inserting('a', 'same'), inserting('b', 'same', 'more'), find];
    expect(contents(freeze(nodes))).toEqual([[3, -7, 8, 9], [0.5, 0.25, 0.5, 0.25]]); // prettier-ignore
    expect(() => afterAll(inserting('a', 'same'), inserting('b', 'same', 'others'))).toThrow(
      `two ops insert the key 3 into table 'table'`,
    );
  });

  it('rejects inserts that no lookup depends on, and removals', () => {
    expect(() => freeze([KEYS, VALUES, inserting('late', 'table')])).toThrow(
      `LookupTableInsertV2 'late' changes a table during inference`,
    );
    expect(() => afterAll(inserting('a', 'same'), node('drop', 'LookupTableRemoveV2', ['same', 'keys']))).toThrow(
      `LookupTableRemoveV2 'drop' changes a table during inference`,
    );
  });

  it('rejects calls that insert and look up in unknown order', () => {
    const fill = functionOf('fill', ['t', 'k', 'v'], {}, node('i', 'LookupTableInsertV2', ['t', 'k', 'v']));
    const query = functionOf('query', ['t'], {}, node('u', 'Identity', ['t']), node('f', 'LookupTableFindV2', ['u']));
    const initialized = [KEYS, VALUES, call('init', 'fill', 'table', 'keys', 'values')];
    const withServe = (...inputs: readonly string[]): InferenceGraph => {
      const fills = call('in', 'fill', 'a', 'k', 'v');
      const serve = functionOf('serve', ['a', 'b', 'k', 'v'], {}, fills, call('out', 'query', ...inputs));
      return freeze(initialized, { functions: [fill, query, serve] });
    };
    expect(() => withServe('a')).toThrow(`LookupTableInsertV2 'i' changes a table during inference`);
    expect(contents(withServe('b'))).toEqual([[3, -7], [0.5, 0.25]]); // prettier-ignore
    expect(contents(withServe('a', '^in'))).toEqual([[3, -7], [0.5, 0.25]]); // prettier-ignore
  });

  it('rejects the export of a dense table, whose buckets have no order', () => {
    const dense = node('table', 'MutableDenseHashTableV2');
    const out = node('out', 'LookupTableExportV2', ['table']);
    const model = modelOf([dense, out, KEYS, VALUES, node('fill', 'LookupTableImportV2', ['table', 'keys', 'values'])]);
    expect(() => freezeTables(inferenceGraphOf([dense, out], ['out']), model)).toThrow(
      `LookupTableExportV2 'out' exports the buckets of a dense table`,
    );
  });

  it('rejects tables that are not constant', () => {
    const fill = node('fill', 'LookupTableImportV2', ['table', 'keys', 'values']);
    expect(() => freeze([])).toThrow(`the table of LookupTableFindV2 'find' is not initialized from constants`);
    expect(() => freeze([placeholder('keys'), VALUES, fill])).toThrow(
      `'fill' initializes a table from tensors that are not constant`,
    );
    const three = constant('values', 'DT_FLOAT', tensorOf('f32', [3], [1, 2, 3]));
    expect(() => freeze([KEYS, three, fill])).toThrow(`table 'table' needs one value for each key`);
    const inner = bodyOf('body', ['t', 'i', 'd'], ['x'], node('x', 'LookupTableFindV2', ['t', 'i', 'd']));
    expect(() => freeze([], {}, inferenceGraphOf([], [], { functions: [inner] }))).toThrow(
      'inside a loop or branch is not supported',
    );
  });

  it('freezes tables of strings', () => {
    const words = constant('values', 'DT_STRING', packStrings([2], ['cat', 'dog']));
    const { graph } = freeze([KEYS, words, node('fill', 'LookupTableImportV2', ['table', 'keys', 'values'])]);
    expect(unpackStrings(attrTensor(graph.get('find/values')!, 'value').data())).toEqual(['cat', 'dog']);
  });
});
