import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { entryBytes, nodeBytes, proto, shapeBytes } from '../support/proto-bytes.ts';
import { decant, expectFailure, temporaryFolder } from '../support/run-cli.ts';

/** Small graphs that would take hours or gigabytes. They run in a process that is killed if it takes too long. */

const FLOAT = proto([6, 1]);
const INT = proto([6, 3]);
const shapeAttr = (...dims: readonly number[]): Uint8Array => proto([7, shapeBytes(...dims)]);
const call = (name: string): Uint8Array => proto([10, proto([1, name])]);

const graph = (nodes: readonly Uint8Array[], functions: readonly Uint8Array[] = []): Uint8Array =>
  proto(
    ...nodes.map(node => [1, node] as const),
    ...(functions.length === 0 ? [] : ([[2, proto(...functions.map(body => [1, body] as const))]] as const)),
  );

const input = (name: string, ...dims: readonly number[]): Uint8Array =>
  nodeBytes(name, 'Placeholder', [], { dtype: FLOAT, shape: shapeAttr(...dims) });

const op = (name: string, type: string, ...inputs: readonly string[]): Uint8Array =>
  nodeBytes(name, type, inputs, { T: FLOAT, N: proto([3, inputs.length - 1]) });

/** A constant that repeats one value. */
const filled = (name: string, value: number, ...dims: readonly number[]): Uint8Array =>
  nodeBytes(name, 'Const', [], {
    dtype: FLOAT,
    value: proto([8, proto([1, 1], [2, shapeBytes(...dims)], [5, { float: value }])]),
  });

const integers = (name: string, value: number, ...dims: readonly number[]): Uint8Array =>
  nodeBytes(name, 'Const', [], {
    dtype: INT,
    value: proto([8, proto([1, 3], [2, shapeBytes(...dims)], [7, value])]),
  });

const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const doubling = (size: number, steps: number): Uint8Array =>
  graph([
    input('x', 1),
    filled('c0', 0.001, size),
    ...times(steps, i => op(`c${i + 1}`, 'AddV2', `c${i}`, `c${i}`)),
    op('y', 'AddV2', 'x', `c${steps}`),
  ]);

/** Products of sums of unknown sizes. */
const sums = (count: number): Uint8Array =>
  graph([
    integers('axis', 0),
    integers('all', -1, 1),
    ...times(count, i => [
      input(`a${i}`, -1),
      input(`b${i}`, -1),
      op(`s${i}`, 'ConcatV2', `a${i}`, `b${i}`, 'axis'),
    ]).flat(),
    ...times(count, i => op(`p${i}`, 'ExpandDims', i === 0 ? 's0' : `q${i - 1}`, 'axis')),
    ...times(count, i => op(`t${i}`, 'ExpandDims', `s${i}`, 'one')),
    integers('one', 1),
    ...times(count, i => op(`m${i}`, 'Mul', `p${i}`, `t${i}`)),
    ...times(count, i => op(`q${i}`, 'Reshape', `m${i}`, 'all')),
  ]);

const body = (i: number, last: number): Uint8Array => {
  const nodes =
    i === last
      ? [op('b', 'Sin', 'v')]
      : [
          nodeBytes('a', 'PartitionedCall', ['v'], { f: call(`f${i + 1}`) }),
          nodeBytes('b', 'PartitionedCall', ['a:output:0'], { f: call(`f${i + 1}`) }),
        ];
  const argument = (name: string): Uint8Array => proto([1, name], [3, 1]);
  return proto(
    [1, proto([1, `f${i}`], [2, argument('v')], [3, argument('r')])],
    ...nodes.map(node => [3, node] as const),
    [4, entryBytes('r', new TextEncoder().encode('b:output:0'))],
  );
};

const ANSWERED: readonly (readonly [string, Uint8Array])[] = [
  ['constants that are doubled 40 times', doubling(1 << 18, 40)],
  ['products of sums of unknown sizes', sums(20)],
  [
    'a concatenation of 20,000 values',
    graph([
      input('x', 1, 4),
      integers('axis', 0),
      ...times(20_000, i => op(`n${i}`, 'Sin', 'x')),
      op('y', 'ConcatV2', ...times(20_000, i => `n${i}`), 'axis'),
    ]),
  ],
  [
    '40,000 ops in a row',
    graph([
      input('x', 1, 4),
      ...times(40_000, i => op(`n${i}`, i % 2 === 0 ? 'Sin' : 'Tanh', i === 0 ? 'x' : `n${i - 1}`)),
    ]),
  ],
];

const REFUSED: readonly (readonly [string, string, Uint8Array])[] = [
  [
    'constants that are large only together',
    'bytes of repeated values',
    graph([
      input('x', 1),
      ...times(8, i => filled(`c${i}`, i, 1 << 24)),
      ...times(8, i => op(`y${i}`, 'AddV2', i === 0 ? 'x' : `y${i - 1}`, `c${i}`)),
    ]),
  ],
  ...['Reshape', 'Tile', 'Transpose', 'BroadcastTo'].map(
    type =>
      [
        `a result of ${type} with millions of dimensions`,
        'dimensions, more than 64',
        graph([input('x', -1), integers('k', 1, 1 << 24), op('y', type, 'x', 'k')]),
      ] as const,
  ),
  [
    'an input with a thousand dimensions',
    'dimensions, more than 64',
    graph([input('x', ...times(1000, () => 1)), op('y', 'Sin', 'x')]),
  ],
  [
    'a convolution with 100,000 activations',
    '_FusedConv2D has 100000 fused_ops',
    graph([
      input('x', 1, 1, 1, 1),
      nodeBytes('y', '_FusedConv2D', ['x', 'x'], {
        T: FLOAT,
        strides: proto([1, proto(...times(4, () => [3, 1] as const))]),
        padding: proto([2, 'SAME']),
        fused_ops: proto([1, proto(...times(100_000, () => [2, 'Relu'] as const))]),
      }),
    ]),
  ],
  [
    'functions that call the next one twice',
    'too large once its function calls are inlined',
    graph(
      [input('x', 1), nodeBytes('c', 'PartitionedCall', ['x'], { f: call('f0') }), op('y', 'Sin', 'c')],
      times(30, i => body(i, 29)),
    ),
  ],
];

it.each(ANSWERED)('converts %s', { timeout: 60_000 }, async (_, bytes) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'bomb.pb'), bytes);
  const { code, stderr } = await decant(['convert', join(folder, 'bomb.pb'), '-o', join(folder, 'out.xml')]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it.each(REFUSED)('refuses %s', { timeout: 60_000 }, async (_, problem, bytes) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'bomb.pb'), bytes);
  expectFailure(await decant(['convert', join(folder, 'bomb.pb'), '-o', join(folder, 'out.xml')]), 1, problem);
});
