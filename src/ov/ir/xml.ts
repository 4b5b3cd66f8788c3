export interface WrittenGraph {
  readonly elements: readonly Element[];
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Element | string)[];
}

export const element = (
  tag: string,
  attributes: Element['attributes'],
  children: readonly (Element | string)[],
): Element => ({ tag, attributes, children });

export const closed = (tag: string, attributes: Element['attributes']): Element => element(tag, attributes, []);

export function render(root: Element): string {
  const lines: string[] = [];
  const write = ({ tag, attributes, children }: Element, indent: string): void => {
    const head = Object.entries(attributes).reduce((text, [name, value]) => `${text} ${name}="${escape(value)}"`, tag);
    if (children.length === 0) {
      lines.push(`${indent}<${head} />`);
    } else if (children.every(child => typeof child === 'string')) {
      lines.push(`${indent}<${head}>${children.map(escape).join('')}</${tag}>`);
    } else {
      lines.push(`${indent}<${head}>`);
      for (const child of children) if (typeof child !== 'string') write(child, `${indent}\t`);
      lines.push(`${indent}</${tag}>`);
    }
  };
  write(root, '');
  return `${lines.join('\n')}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

/** Characters that XML cannot represent, not even escaped. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

const escape = (value: string | number): string =>
  typeof value === 'number'
    ? String(value)
    : value.replace(/[&<>"\n\t\r]/g, character => ESCAPES[character]!).replace(FORBIDDEN, '\ufffd');
