import { describe, expect, it } from 'vitest';
import { entryBytes, proto, type ProtoField, shapeBytes } from '../../../test/support/proto-bytes.ts';
import { decodeBinary } from '../../wire/binary.ts';
import { map, message } from '../../wire/message.ts';
import type { AttrValue } from '../model.ts';
import { attrValue, toAttrs } from './attr-value.ts';

const holder = message('Holder', { attr: map(5, attrValue) });

const read = (...fields: readonly ProtoField[]): AttrValue | undefined =>
  toAttrs(decodeBinary(holder, proto([5, entryBytes('a', proto(...fields))])).attr, `node 'n'`).get('a');

const list = (...fields: readonly ProtoField[]): AttrValue | undefined => read([1, proto(...fields)]);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('an attribute', () => {
  it('has the kind of its field, also if the value is zero', () => {
    expect(read([2, 'x'])).toEqual({ kind: 'bytes', value: bytes('x') });
    expect(read([2, ''])).toEqual({ kind: 'bytes', value: bytes('') });
    expect(read([3, 0])).toEqual({ kind: 'int', value: 0 });
    expect(read([3, 2n ** 63n - 1n])).toEqual({ kind: 'int', value: 2 ** 63 });
    expect(read([4, { float: 0 }])).toEqual({ kind: 'float', value: 0 });
    expect(read([5, false])).toEqual({ kind: 'bool', value: false });
    expect(read([6, 3])).toEqual({ kind: 'type', value: 'DT_INT32' });
    expect(read([7, shapeBytes(1, -1, 3)])).toEqual({ kind: 'shape', value: [1, -1, 3] });
    expect(read([7, shapeBytes()])).toEqual({ kind: 'shape', value: [] });
    expect(read([7, proto([3, true])])).toEqual({ kind: 'shape', value: undefined });
    expect(read([8, proto([1, 1])])).toMatchObject({ kind: 'tensor', value: { dtype: 'DT_FLOAT', shape: [] } });
    expect(read([9, 'T'])).toEqual({ kind: 'placeholder', value: 'T' });
    expect(read([10, proto([1, 'f'])])).toEqual({ kind: 'func', value: { name: 'f', attrs: new Map() } });
  });

  it('is skipped without a value', () => {
    expect(read()).toBeUndefined();
  });

  it('may be a list of any kind', () => {
    const values = (attr: AttrValue | undefined): unknown =>
      attr?.kind === 'list' ? attr.value.map(({ kind, value }) => [kind, value]) : attr;
    expect(values(list())).toEqual([]);
    expect(values(list([2, 'a'], [2, 'b']))).toEqual([
      ['bytes', bytes('a')],
      ['bytes', bytes('b')],
    ]);
    expect(values(list([3, Uint8Array.of(1, 0, 2)]))).toEqual([
      ['int', 1],
      ['int', 0],
      ['int', 2],
    ]);
    expect(values(list([4, { float: 0.5 }]))).toEqual([['float', 0.5]]);
    expect(values(list([5, true], [5, false]))).toEqual([
      ['bool', true],
      ['bool', false],
    ]);
    expect(values(list([6, 1]))).toEqual([['type', 'DT_FLOAT']]);
    expect(values(list([7, shapeBytes(2)], [7, proto([3, true])]))).toEqual([
      ['shape', [2]],
      ['shape', undefined],
    ]);
    expect(values(list([9, proto([1, 'f'], [2, entryBytes('T', proto([6, 1]))])]))).toEqual([
      ['func', { name: 'f', attrs: new Map([['T', { kind: 'type', value: 'DT_FLOAT' }]]) }],
    ]);
    expect(list([8, proto([1, 3])])).toMatchObject({ value: [{ kind: 'tensor', value: { dtype: 'DT_INT32' } }] });
  });

  it('of an unknown data type is rejected with its node', () => {
    const unsupported = expect.objectContaining({
      code: 'unsupported',
      message: `attribute 'a' of node 'n' has unknown data type 77`,
    }) as unknown;
    expect(() => read([6, 77])).toThrow(unsupported);
    expect(() => list([6, 77])).toThrow(unsupported);
  });

  it('nests through functions up to a limit', () => {
    let value = proto([3, 1]);
    for (let i = 0; i < 100; i++) value = proto([10, proto([1, 'f'], [2, entryBytes('a', value)])]);
    expect(() => read([10, proto([2, entryBytes('a', value)])])).toThrow('nest deeper');
  });
});
