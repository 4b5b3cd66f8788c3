import { DecantError } from '../errors.ts';
import type { AttrValue, TfNode } from './model.ts';

type Kind = AttrValue['kind'];
type Values = { readonly [A in AttrValue as A['kind']]: A['value'] };

type AttrReader<T> = (node: TfNode, name: string, defaultValue?: T) => T;

export const attrInt = single('int');
export const attrFloat = single('float');
export const attrBool = single('bool');
export const attrType = single('type');
export const attrShape = single('shape');
export const attrTensor = single('tensor');
export const attrFunc = single('func');
export const attrString = mapped(single('bytes'), decodeText);

export const attrInts = list('int');
export const attrFloats = list('float');
export const attrFuncs = list('func');
export const attrStrings = mapped(list('bytes'), texts => texts.map(decodeText));

function single<K extends Kind>(kind: K): AttrReader<Values[K]> {
  return (node, name, defaultValue) => {
    const attr = node.attrs.get(name);
    if (attr === undefined && defaultValue !== undefined) return defaultValue;
    if (!isKind(attr, kind)) throw wrongAttr(node, name, kind, attr);
    return attr.value;
  };
}

function list<K extends Kind>(kind: K): AttrReader<readonly Values[K][]> {
  return (node, name, defaultValue) => {
    const attr = node.attrs.get(name);
    if (attr === undefined && defaultValue !== undefined) return defaultValue;
    if (attr?.kind !== 'list') throw wrongAttr(node, name, `list of ${kind}`, attr);
    return attr.value.map(item => {
      if (!isKind(item, kind)) throw wrongAttr(node, name, `list of ${kind}`, attr);
      return item.value;
    });
  };
}

function mapped<S, T>(read: AttrReader<S>, map: (value: S) => T): AttrReader<T> {
  return (node, name, defaultValue) =>
    defaultValue !== undefined && !node.attrs.has(name) ? defaultValue : map(read(node, name));
}

const isKind = <K extends Kind>(
  attr: AttrValue | undefined,
  kind: K,
): attr is AttrValue & { readonly value: Values[K] } => attr?.kind === kind;

function wrongAttr(
  { name: node, op }: TfNode,
  name: string,
  expected: string,
  actual: AttrValue | undefined,
): DecantError {
  const problem = actual === undefined ? 'is missing' : `has kind ${actual.kind}, expected ${expected}`;
  return new DecantError('malformed', `attribute '${name}' of ${op} '${node}' ${problem}`);
}

const decoder = new TextDecoder();

function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
