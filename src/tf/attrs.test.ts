import { describe, expect, it } from 'vitest';
import { attrInt, attrInts, attrShape, attrString, attrStrings, attrType } from './attrs.ts';
import type { AttrValue, TfNode } from './model.ts';

const bytes = (text: string): AttrValue => ({ kind: 'bytes', value: new TextEncoder().encode(text) });
const node: TfNode = {
  name: 'pool',
  op: 'MaxPool',
  inputs: [],
  attrs: new Map<string, AttrValue>([
    ['n', { kind: 'int', value: 3 }],
    ['zero', { kind: 'int', value: 0 }],
    ['T', { kind: 'type', value: 'DT_FLOAT' }],
    ['shape', { kind: 'shape', value: undefined }],
    ['format', bytes('NHWC')],
    [
      'strides',
      {
        kind: 'list',
        value: [
          { kind: 'int', value: 1 },
          { kind: 'int', value: 2 },
        ],
      },
    ],
    ['names', { kind: 'list', value: [bytes('é')] }],
    ['none', { kind: 'list', value: [] }],
  ]),
};

describe('attributes', () => {
  it('are read by kind', () => {
    expect(attrInt(node, 'n')).toBe(3);
    expect(attrInt(node, 'zero', 5)).toBe(0);
    expect(attrType(node, 'T')).toBe('DT_FLOAT');
    expect(attrShape(node, 'shape')).toBeUndefined();
    expect(attrString(node, 'format')).toBe('NHWC');
    expect(attrInts(node, 'strides')).toEqual([1, 2]);
    expect(attrStrings(node, 'names')).toEqual(['é']);
  });

  it('may be empty lists of any kind', () => {
    expect(attrInts(node, 'none')).toEqual([]);
    expect(attrStrings(node, 'none')).toEqual([]);
  });

  it('use the default if missing', () => {
    expect(attrInt(node, 'm', 1)).toBe(1);
    expect(attrString(node, 'm', '')).toBe('');
    expect(attrInts(node, 'm', [])).toEqual([]);
  });

  it('report the node, op and attribute on error', () => {
    const malformed = (message: string): unknown => expect.objectContaining({ code: 'malformed', message }) as unknown;
    expect(() => attrInt(node, 'm')).toThrow(malformed(`attribute 'm' of MaxPool 'pool' is missing`));
    expect(() => attrInt(node, 'T')).toThrow(malformed(`attribute 'T' of MaxPool 'pool' has kind type, expected int`));
    expect(() => attrInt(node, 'T', 1)).toThrow('has kind type');
    expect(() => attrInts(node, 'n')).toThrow('has kind int, expected list of int');
    expect(() => attrInts(node, 'names')).toThrow('expected list of int');
    expect(() => attrString(node, 'n', '')).toThrow('has kind int, expected bytes');
    expect(() => attrShape(node, 'm')).toThrow('is missing');
  });
});
