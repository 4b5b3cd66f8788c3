import { describe, expect, it } from 'vitest';
import { proto } from '../../../test/support/proto-bytes.ts';
import {
  entry,
  floatBytes,
  floatEntry,
  header,
  indexBytes,
  join,
  type Row,
} from '../../../test/saved-model/bundle-bytes.ts';
import { call, constant, func, functionOf, modelOf, node, text } from '../../../test/support/tf-records.ts';
import { memorySource } from '../../source/memory-source.ts';
import { packStrings } from '../../tensor/strings.ts';
import { numbersOf } from '../../tensor/tensor.ts';
import { maskedCrc32c } from '../../wire/crc32.ts';
import type { TfFunction, TfNode } from '../model.ts';
import type { MetaGraph } from '../proto/saved-model.ts';
import { bindVariables } from './bind-variables.ts';
import { readTensorBundle, type TensorBundle } from './tensor-bundle.ts';

type Named = readonly [fullName: string, key: string];

/** A checkpoint in which `a` is [0, 1], `b` is [10, 11] and so on, with an object graph if `full` names are given. */
async function checkpoint(keys: string, full: readonly Named[] = []): Promise<TensorBundle> {
  const names = Array.from(keys);
  const numbers = names.flatMap((_, i) => [10 * i, 10 * i + 1]);
  const rows = names.map((key, i): Row => [key, floatEntry(numbers.slice(2 * i, 2 * i + 2), { offset: 8 * i })]);
  const attributes = full.map(([fullName, key]) => [2, proto([1, 'VARIABLE_VALUE'], [2, fullName], [3, key])] as const);
  const objects = proto([1, proto(...attributes)]);
  const lengths = Uint8Array.from(new Uint8Array(Uint32Array.of(objects.length).buffer));
  const check = new Uint8Array(Uint32Array.of(maskedCrc32c(lengths)).buffer);
  const stored = join(proto([1, objects.length]).subarray(1), check, objects);
  const crc = maskedCrc32c(join(lengths, check, objects));
  if (full.length > 0) {
    rows.push([
      '_CHECKPOINTABLE_OBJECT_GRAPH',
      entry({ dtype: 7, offset: 4 * numbers.length, size: stored.length, crc }),
    ]);
  }
  const files = [
    ['x.index', indexBytes([header(1), ...rows])],
    ['x.data-00000-of-00001', join(floatBytes(numbers), stored)],
  ] as const;
  return readTensorBundle(memorySource('m', files), 'x');
}

const texts = (name: string, ...values: readonly string[]): TfNode =>
  constant(name, 'DT_STRING', packStrings([values.length], values));

const metaGraph = (nodes: readonly TfNode[], restoreOp?: string, functions: readonly TfFunction[] = []): MetaGraph => ({
  ...modelOf(nodes, { functions }),
  tags: [],
  tensorflowVersion: '',
  assetFiles: new Map(),
  restoreOp,
  hasObjects: false,
});

function bound(meta: MetaGraph, bundle: TensorBundle): Record<string, readonly number[]> {
  const values = bindVariables(meta, bundle);
  const nodes = [...meta.graph.keys()].filter(name => values.has(name));
  return Object.fromEntries(nodes.map(name => [name, [...numbersOf(values.get(name)!.data())]]));
}

const restore = (slices: readonly string[] = ['', '']): readonly TfNode[] => [
  node('file', 'PlaceholderWithDefault'),
  texts('names', 'b', 'a'),
  texts('slices', ...slices),
  node('restore', 'RestoreV2', ['file', 'names', 'slices']),
];

describe('bindVariables', () => {
  it('follows the restore op of TensorFlow 1', async () => {
    const meta = metaGraph(
      [
        node('v', 'VariableV2'),
        node('a', 'VariableV2'),
        ...restore(),
        node('assign', 'Assign', ['v', 'restore:0']),
        node('assign1', 'Assign', ['a', 'restore:1']),
        node('shard', 'NoOp', ['^assign', '^assign1']),
        node('all', 'NoOp', ['^shard']),
      ],
      'all',
    );
    expect(bound(meta, await checkpoint('ab'))).toEqual({ v: [10, 11], a: [0, 1] });
  });

  it('follows the restore function of TensorFlow 2, through Identity nodes and calls', async () => {
    const body = functionOf(
      'traced_restore',
      ['prefix', 'handle'],
      { done: 'prefix' },
      texts('names', 'a', 'b'),
      texts('slices', '', ''),
      node('same', 'Identity', ['names:output:0']),
      node('RestoreV2', 'RestoreV2', ['prefix', 'same:output:0', 'slices:output:0']),
      node('Identity', 'Identity', ['RestoreV2:tensors:1']),
      node('Identity_1', 'Identity', ['Identity:output:0', '^same']),
      node('inner', 'StatefulPartitionedCall', ['handle', 'Identity_1:output:0'], { f: func('assign') }),
    );
    const assign = functionOf('assign', ['to', 'value'], {}, node('op', 'AssignVariableOp', ['to', 'value']));
    const nodes = [node('v', 'VarHandleOp'), node('file', 'Placeholder'), call('restore_all', body.name, 'file', 'v')];
    expect(bound(metaGraph(nodes, 'restore_all:0', [body, assign]), await checkpoint('ab'))).toEqual({ v: [10, 11] });
  });

  it('ignores restore ops of another model', async () => {
    const meta = metaGraph(
      [
        node('a', 'VarHandleOp', [], { shared_name: text('a') }),
        ...restore(),
        node('assign', 'AssignVariableOp', ['a', 'restore:0']),
        node('init', 'NoOp', ['^assign']),
        node('all', 'NoOp'),
      ],
      'all',
    );
    expect(bound(meta, await checkpoint('ab'))).toEqual({ a: [0, 1] });
  });

  it('takes slices of tensors', async () => {
    const nodes = (spec: string): readonly TfNode[] => [
      node('slice', 'VariableV2'),
      ...restore([spec, '']),
      node('assign', 'Assign', ['slice', 'restore']),
    ];
    const bundle = await checkpoint('ab');
    expect(bound(metaGraph(nodes('2 1,1'), 'assign'), bundle)).toEqual({ slice: [11] });
    expect(bound(metaGraph(nodes('2 -'), 'assign'), bundle)).toEqual({ slice: [10, 11] });
    for (const spec of ['2 1,2', '2 -:-', '2 7']) {
      expect(() => bound(metaGraph(nodes(spec), 'assign'), bundle)).toThrow(
        expect.objectContaining({ code: 'malformed' }) as unknown,
      );
    }
  });

  it('falls back to full names, then to keys', async () => {
    const variable = (name: string, shared: string): TfNode =>
      node(name, 'VarHandleOp', [], { shared_name: text(shared) });
    const names = [
      ['full', 'a'],
      ['twice', 'a'],
      ['twice', 'b'],
      ['', 'c'],
      ['lost', 'nothing'],
    ] as const;
    const bundle = await checkpoint('abc', names);
    const nodes = [
      variable('x', 'full'),
      variable('y', 'twice'),
      variable('z', 'c'),
      variable('b', ''),
      variable('lost', ''),
    ];
    expect(bound(metaGraph(nodes), bundle)).toEqual({ x: [0, 1], z: [20, 21], b: [10, 11] });
  });

  it('binds full names and keys, for variables inside functions', async () => {
    const values = bindVariables(metaGraph([]), await checkpoint('ab', [['full', 'b']]));
    expect([...numbersOf(values.get('full')!.data())]).toEqual([10, 11]);
    expect([...numbersOf(values.get('a')!.data())]).toEqual([0, 1]);
  });

  it('ignores ops that restore nothing', async () => {
    const bundle = await checkpoint('ab');
    const odd = [
      node('v', 'VarHandleOp'),
      node('none', 'AssignVariableOp'),
      node('loop', 'Identity', ['loop']),
      node('round', 'AssignVariableOp', ['v', 'loop']),
      node('lost', 'AssignVariableOp', ['v', 'nowhere']),
      node('names', 'Const'),
      node('restore', 'RestoreV2', ['v', 'names']),
      node('unnamed', 'AssignVariableOp', ['v', 'restore:7']),
      node('all', 'NoOp', ['^none', '^round', '^lost', '^unnamed']),
    ];
    expect(bound(metaGraph(odd, 'all'), bundle)).toEqual({});
    expect(bound(metaGraph(odd, 'gone'), bundle)).toEqual({});
  });
});
