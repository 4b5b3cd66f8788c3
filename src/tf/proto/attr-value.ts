import { map, message, type MessageType, one, optional, type RecordOf, repeated } from '../../wire/message.ts';
import type { AttrValue, TfAttrs, TfFunctionCall } from '../model.ts';
import { readDataType } from './read-data-type.ts';
import { tensorProto, tensorShapeProto, toShape, toTensor } from './tensor-proto.ts';

export interface NameAttrList {
  readonly name: string;
  readonly attr: ReadonlyMap<string, AttrValueRecord>;
}

const nameAttrList: MessageType<NameAttrList> = message('NameAttrList', {
  name: one(1, 'string'),
  attr: map(2, () => attrValue),
});

const listValue = message('ListValue', {
  s: repeated(2, 'bytes'),
  i: repeated(3, 'int64'),
  f: repeated(4, 'float'),
  b: repeated(5, 'bool'),
  type: repeated(6, 'enum'),
  shape: repeated(7, tensorShapeProto),
  tensor: repeated(8, tensorProto),
  func: repeated(9, nameAttrList),
});

export const attrValue = message('AttrValue', {
  list: optional(1, listValue),
  s: optional(2, 'bytes'),
  i: optional(3, 'int64'),
  f: optional(4, 'float'),
  b: optional(5, 'bool'),
  type: optional(6, 'enum'),
  shape: optional(7, tensorShapeProto),
  tensor: optional(8, tensorProto),
  placeholder: optional(9, 'string'),
  func: optional(10, nameAttrList),
});

type AttrValueRecord = RecordOf<typeof attrValue>;

export function toAttrs(records: ReadonlyMap<string, AttrValueRecord>, owner: string): TfAttrs {
  const attrs = new Map<string, AttrValue>();
  for (const [name, record] of records) {
    const value = toAttr(record, `attribute '${name}' of ${owner}`);
    if (value !== undefined) attrs.set(name, value);
  }
  return attrs;
}

function toAttr(record: AttrValueRecord, what: string): AttrValue | undefined {
  const { list, s, i, f, b, type, shape, tensor, placeholder, func } = record;
  if (s !== undefined) return { kind: 'bytes', value: s };
  if (i !== undefined) return { kind: 'int', value: i };
  if (f !== undefined) return { kind: 'float', value: f };
  if (b !== undefined) return { kind: 'bool', value: b };
  if (type !== undefined) return { kind: 'type', value: readDataType(type, what) };
  if (shape !== undefined) return { kind: 'shape', value: toShape(shape) };
  if (tensor !== undefined) return { kind: 'tensor', value: toTensor(tensor, what) };
  if (func !== undefined) return { kind: 'func', value: toCall(func, what) };
  if (placeholder !== undefined) return { kind: 'placeholder', value: placeholder };
  if (list !== undefined) return { kind: 'list', value: toList(list, what) };
  return undefined;
}

const toList = (list: RecordOf<typeof listValue>, what: string): readonly AttrValue[] => [
  ...list.s.map((value): AttrValue => ({ kind: 'bytes', value })),
  ...list.i.map((value): AttrValue => ({ kind: 'int', value })),
  ...list.f.map((value): AttrValue => ({ kind: 'float', value })),
  ...list.b.map((value): AttrValue => ({ kind: 'bool', value })),
  ...list.type.map((value): AttrValue => ({ kind: 'type', value: readDataType(value, what) })),
  ...list.shape.map((value): AttrValue => ({ kind: 'shape', value: toShape(value) })),
  ...list.tensor.map((value): AttrValue => ({ kind: 'tensor', value: toTensor(value, what) })),
  ...list.func.map((value): AttrValue => ({ kind: 'func', value: toCall(value, what) })),
];

const toCall = ({ name, attr }: NameAttrList, what: string): TfFunctionCall => ({ name, attrs: toAttrs(attr, what) });
