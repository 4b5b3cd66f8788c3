import { parseXml as parseElement, type XmlElement } from '../../../src/ov/ir/parse-xml.ts';
import { list, text, type Tree } from '../tree.ts';

/** Parses an XML document. Labels are the names of elements and attributes. */
export const parseXml = (xml: string): Tree => toTree(parseElement(xml));

const toTree = ({ tag, attributes, children, text: content }: XmlElement): Tree =>
  list(tag, 'element', [
    ...Object.entries(attributes).map(([name, value]) => text(name, 'attribute', value)),
    ...(content.trim() === '' ? [] : [text('text', 'content', content)]),
    ...children.map(toTree),
  ]);

export function printXml(tree: Tree): string {
  if (tree.kind !== 'list') return escape(String(tree.value));
  const isAttribute = (item: Tree): boolean => item.kind !== 'list' && item.form === 'attribute';
  const attributes = tree.items
    .filter(isAttribute)
    .map(item => ` ${item.label}="${item.kind === 'list' ? '' : escape(String(item.value))}"`);
  const content = tree.items.filter(item => !isAttribute(item)).map(printXml);
  return `<${tree.label}${attributes.join('')}>${content.join('')}</${tree.label}>`;
}

const escape = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
