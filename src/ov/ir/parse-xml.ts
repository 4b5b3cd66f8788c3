import { SaxesParser } from 'saxes';
import { DecantError } from '../../errors.ts';

export interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Open {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Limits the recursion over elements; nested bodies need a few dozen levels. */
const MAX_DEPTH = 200;

export function parseXml(xml: string): XmlElement {
  const parser = new SaxesParser();
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  parser.on('error', error => {
    throw new DecantError('malformed', `invalid XML: ${error.message}`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (stack.length === MAX_DEPTH)
      throw new DecantError('limit', `the XML is nested more than ${MAX_DEPTH} levels deep`);
    stack.push({ tag: name, attributes, children: [], text: '' });
  });
  parser.on('text', text => {
    const top = stack[stack.length - 1];
    if (top !== undefined) top.text += text;
  });
  parser.on('closetag', () => {
    const done = stack.pop()!;
    const parent = stack[stack.length - 1];
    if (parent === undefined) root = done;
    else parent.children.push(done);
  });
  parser.write(xml).close();
  if (root === undefined) throw new DecantError('malformed', 'the XML has no element');
  return root;
}

export const childOf = (element: XmlElement, tag: string): XmlElement | undefined =>
  element.children.find(child => child.tag === tag);

export const childrenOf = (element: XmlElement | undefined, tag: string): readonly XmlElement[] =>
  element?.children.filter(child => child.tag === tag) ?? [];

export function attributeOf(element: XmlElement, name: string): string {
  const value = element.attributes[name];
  if (value === undefined) throw new DecantError('malformed', `<${element.tag}> has no attribute '${name}'`);
  return value;
}

export const integerOf = (element: XmlElement, name: string): number => integerFrom(attributeOf(element, name));

export function integerFrom(text: string): number {
  const value = Number(text);
  if (!/^\s*-?\d+\s*$/.test(text) || !Number.isSafeInteger(value)) {
    throw new DecantError('malformed', `'${text}' is not an integer`);
  }
  return value;
}
