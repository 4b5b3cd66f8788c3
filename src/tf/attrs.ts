import { DecantError } from '../errors.ts';
import type { AttrValue, TfNode } from './model.ts';

type Kind = AttrValue['kind'];
/** Each kind's type of value. */
type Values = { readonly [A in AttrValue as A['kind']]: A['value'] };

/**
 * Reads an attribute of a node; `fallback` is its value where the node does not have it.
 * @throws DecantError `malformed` when it is missing and has no fallback, or is of another kind
 */
type AttrReader<T> = (node: TfNode, name: string, fallback?: T) => T;

export const attrInt = single('int');
export const attrFloat = single('float');
export const attrBool = single('bool');
export const attrType = single('type');
/** A shape of unknown rank is undefined. */
export const attrShape = single('shape');
export const attrTensor = single('tensor');
export const attrFunc = single('func');
export const attrString = mapped(single('bytes'), decodeText);

export const attrInts = list('int');
export const attrFloats = list('float');
export const attrTypes = list('type');
export const attrShapes = list('shape');
export const attrFuncs = list('func');
export const attrStrings = mapped(list('bytes'), texts => texts.map(decodeText));

function single<K extends Kind>(kind: K): AttrReader<Values[K]> {
  return (node, name, fallback) => {
    const attr = node.attrs.get(name);
    if (attr === undefined && fallback !== undefined) return fallback;
    if (!isKind(attr, kind)) throw wrongAttr(node, name, kind, attr);
    return attr.value;
  };
}

function list<K extends Kind>(kind: K): AttrReader<readonly Values[K][]> {
  return (node, name, fallback) => {
    const attr = node.attrs.get(name);
    if (attr === undefined && fallback !== undefined) return fallback;
    if (attr?.kind !== 'list') throw wrongAttr(node, name, `list of ${kind}`, attr);
    return attr.value.map(item => {
      if (!isKind(item, kind)) throw wrongAttr(node, name, `list of ${kind}`, attr);
      return item.value;
    });
  };
}

function mapped<S, T>(read: AttrReader<S>, map: (value: S) => T): AttrReader<T> {
  return (node, name, fallback) => (fallback !== undefined && !node.attrs.has(name) ? fallback : map(read(node, name)));
}

const isKind = <K extends Kind>(
  attr: AttrValue | undefined,
  kind: K,
): attr is AttrValue & { readonly value: Values[K] } => attr?.kind === kind;

function wrongAttr(
  { name: node, op }: TfNode,
  name: string,
  wanted: string,
  found: AttrValue | undefined,
): DecantError {
  const problem = found === undefined ? 'is missing' : `is of the kind ${found.kind}, not ${wanted}`;
  return new DecantError('malformed', `the attribute '${name}' of ${op} '${node}' ${problem}`);
}

const decoder = new TextDecoder();

function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
