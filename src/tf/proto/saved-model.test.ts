import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryBytes, nodeBytes, proto, shapeBytes } from '../../../test/support/proto-bytes.ts';
import { asDecantError } from '../../errors.ts';
import { isSavedModel } from '../formats/saved-model-head.ts';
import { parseMetaGraph, parseSavedModel } from './saved-model.ts';

const type = (number: number): Uint8Array => proto([6, number]);

const functionDef = (name: string, ...nodes: readonly Uint8Array[]): Uint8Array =>
  proto(
    [
      1,
      proto(
        [1, name],
        [2, proto([1, 'x'], [3, 1])],
        [2, proto([1, 'xs'], [4, 'T'], [5, 'N'])],
        [3, proto([1, 'y'], [6, 'Ts'])],
      ),
    ],
    ...nodes.map(node => [3, node] as const),
    [4, proto([1, 'y'], [2, 'add:z:0'])],
  );

const ADD = nodeBytes('add', 'AddV2', ['x', 'xs'], { T: proto([9, 'T']) });

const graphDef = (...functions: readonly Uint8Array[]): Uint8Array =>
  proto(
    [1, nodeBytes('input', 'Placeholder', [], { dtype: type(1), shape: proto([7, shapeBytes(1, -1)]) })],
    [
      1,
      nodeBytes('call', 'StatefulPartitionedCall', ['input', '^input'], {
        f: proto([10, proto([1, 'body'], [2, entryBytes('T', type(1))])]),
        Tout: proto([1, proto([6, 1], [6, 3])]),
        weird: proto(),
      }),
    ],
    [2, proto(...functions.map(body => [1, body] as const))],
  );

const tensorInfo = (name: string): Uint8Array => proto([1, name], [2, 1], [3, shapeBytes(1, -1)]);

const metaGraph = (graph: Uint8Array): Uint8Array =>
  proto(
    [1, proto([4, 'serve'], [5, '2.15.1'])],
    [2, graph],
    [
      5,
      entryBytes(
        'serving_default',
        proto([1, entryBytes('image', tensorInfo('input:0'))], [2, entryBytes('boxes', tensorInfo('call:0'))]),
      ),
    ],
    [3, proto([3, 'restore'])],
    [7, new Uint8Array(0)],
  );

const SAVED_MODEL = proto([1, 1], [2, metaGraph(graphDef(functionDef('body', ADD)))]);

describe('parseSavedModel', () => {
  it('reads tags, signatures, nodes and attributes', () => {
    const [meta, ...rest] = parseSavedModel(SAVED_MODEL);
    expect(rest).toEqual([]);
    expect(meta).toMatchObject({
      tags: ['serve'],
      tensorflowVersion: '2.15.1',
      restoreOp: 'restore',
      hasObjects: true,
    });
    expect(meta?.signatures.get('serving_default')).toEqual({
      inputs: new Map([['image', { tensor: 'input:0', dtype: 'DT_FLOAT', shape: [1, -1] }]]),
      outputs: new Map([['boxes', { tensor: 'call:0', dtype: 'DT_FLOAT', shape: [1, -1] }]]),
    });
    expect([...meta!.graph.keys()]).toEqual(['input', 'call']);
    expect(meta?.graph.get('call')).toEqual({
      name: 'call',
      op: 'StatefulPartitionedCall',
      inputs: ['input', '^input'],
      attrs: new Map<string, unknown>([
        ['f', { kind: 'func', value: { name: 'body', attrs: new Map([['T', { kind: 'type', value: 'DT_FLOAT' }]]) } }],
        [
          'Tout',
          {
            kind: 'list',
            value: [
              { kind: 'type', value: 'DT_FLOAT' },
              { kind: 'type', value: 'DT_INT32' },
            ],
          },
        ],
      ]),
    });
  });

  it('reads functions with their arguments and results', () => {
    const body = parseSavedModel(SAVED_MODEL)[0]?.functions.get('body');
    expect(body?.inputs).toEqual([
      { name: 'x', type: 'DT_FLOAT', typeAttr: undefined, numberAttr: undefined, typeListAttr: undefined },
      { name: 'xs', type: undefined, typeAttr: 'T', numberAttr: 'N', typeListAttr: undefined },
    ]);
    expect(body?.outputs).toEqual([
      { name: 'y', type: undefined, typeAttr: undefined, numberAttr: undefined, typeListAttr: 'Ts' },
    ]);
    expect(body?.returns).toEqual(new Map([['y', 'add:z:0']]));
    expect(body?.nodes.get('add')?.attrs.get('T')).toEqual({ kind: 'placeholder', value: 'T' });
    expect(body?.nodes).toBe(body?.nodes);
  });

  it('parses function bodies on first use', () => {
    const broken = proto([1, 1], [2, metaGraph(graphDef(functionDef('bad', Uint8Array.of(0x0a, 9))))]);
    const body = parseSavedModel(broken)[0]?.functions.get('bad');
    expect(body?.inputs.length).toBe(2);
    expect(() => body?.nodes).toThrow(
      expect.objectContaining({ code: 'malformed', where: ['in function bad'] }) as unknown,
    );
  });

  it('rejects duplicate and missing names', () => {
    const graph = (...nodes: readonly Uint8Array[]): Uint8Array =>
      proto([2, proto(...nodes.map(node => [1, node] as const))]);
    expect(() => parseMetaGraph(graph(nodeBytes('a', 'NoOp'), nodeBytes('a', 'NoOp')))).toThrow(
      `two nodes are named 'a'`,
    );
    expect(() => parseMetaGraph(graph(nodeBytes('', 'NoOp')))).toThrow('a node has no name');
    expect(() => parseMetaGraph(graph(nodeBytes('a', '')))).toThrow(`node 'a' has no op`);
    expect(() => parseMetaGraph(graph(nodeBytes('a', 'Cast', [], { T: type(99) })))).toThrow(
      `attribute 'T' of node 'a' has unknown data type 99`,
    );
  });

  it('rejects nodes with too many inputs', () => {
    const graph = (inputs: number): Uint8Array =>
      proto([2, proto([1, nodeBytes('a', 'NoOp', new Array<string>(inputs).fill('^b'))])]);
    expect(parseMetaGraph(graph(65_536)).graph.get('a')?.inputs.length).toBe(65_536);
    expect(() => parseMetaGraph(graph(65_537))).toThrow(`node 'a' has 65537 inputs, the maximum is 65536`);
  });

  it('recognizes a SavedModel by its first bytes', () => {
    expect(isSavedModel(SAVED_MODEL)).toBe(true);
    expect(isSavedModel(SAVED_MODEL.subarray(0, 3))).toBe(false);
    expect(isSavedModel(graphDef())).toBe(false);
    expect(isSavedModel(proto([1, 1], [2, 'pytorch'], [3, '2.0']))).toBe(false);
  });

  it('parses corrupt bytes or throws a DecantError', () => {
    const parse = (bytes: Uint8Array): void => {
      try {
        for (const meta of parseSavedModel(bytes)) {
          for (const body of meta.functions.values()) expect(body.nodes.size).toBeGreaterThanOrEqual(0);
        }
      } catch (thrown) {
        expect(asDecantError(thrown)).not.toMatchObject({ code: 'internal' });
      }
    };
    for (let length = 0; length < SAVED_MODEL.length; length++) parse(SAVED_MODEL.subarray(0, length));
    fc.assert(
      fc.property(fc.nat(SAVED_MODEL.length - 1), fc.nat(255), (at, byte) => parse(SAVED_MODEL.with(at, byte))),
      { numRuns: 1000 },
    );
  });
});
