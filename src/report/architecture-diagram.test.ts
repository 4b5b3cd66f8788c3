import { describe, expect, it } from 'vitest';
import { attributeOf, childrenOf, parseXml, type XmlElement } from '../ov/ir/parse-xml.ts';
import type { Block } from '../architecture/block.ts';
import type { ModelPart } from '../architecture/find-parts.ts';
import { drawArchitecture } from './architecture-diagram.ts';

const block = (title: string, more: Partial<Block> = {}): Block => ({
  title,
  lines: [],
  ops: 3,
  weightBytes: 0,
  ...more,
});

const PARTS: readonly ModelPart[] = [
  { title: 'Input', kind: 'ports', blocks: [block('f32 [1, 8, 8, 3]', { lines: ['<image> & "more"'], ops: 0 })] },
  {
    title: 'Backbone',
    kind: 'maps',
    blocks: [64, 32, 16, 8, 4, 2, 1].map(side => block(`${side} × ${side}`, { side, weightBytes: 1234 })),
  },
  { title: 'Post-processing', kind: 'work', blocks: [block('1 TopK', { lines: ['long '.repeat(100)] })] },
];

const number = (element: XmlElement, name: string): number => Number(attributeOf(element, name));

describe('drawArchitecture', () => {
  const text = drawArchitecture('model <1>.xml', '12 ops', PARTS);
  const svg = parseXml(text);
  const rects = childrenOf(svg, 'rect');

  it('is one self-contained XML file', () => {
    expect(svg.tag).toBe('svg');
    expect(svg.attributes['xmlns']).toBe('http://www.w3.org/2000/svg');
    expect(text.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|href/);
    expect(text).toContain('prefers-color-scheme: dark');
    expect(text).toContain('&lt;image&gt; &amp; &quot;more&quot;');
  });

  it('draws everything within its size', () => {
    const width = number(svg, 'width');
    const height = number(svg, 'height');
    expect(width).toBeLessThanOrEqual(1200);
    expect(rects.length).toBe(1 + 9 + 7);
    for (const rect of rects.slice(1)) {
      expect(number(rect, 'x') + number(rect, 'width')).toBeLessThan(width);
      expect(number(rect, 'y') + number(rect, 'height')).toBeLessThan(height);
    }
    for (const line of childrenOf(svg, 'text')) expect(number(line, 'y')).toBeLessThan(height);
  });

  it('draws parts from top to bottom, and larger maps larger', () => {
    const places = ['Input', 'Backbone', 'Post-processing'].map(title => text.indexOf(`>${title}</text>`));
    expect(places).toEqual([...places].sort((x, y) => x - y));
    expect(places).not.toContain(-1);
    const squares = rects.filter(rect => attributeOf(rect, 'class') === 'square').map(rect => number(rect, 'width'));
    expect(squares).toEqual([...squares].sort((x, y) => y - x));
    expect(new Set(squares).size).toBeGreaterThan(4);
    expect(text).toContain('3 ops, 2 kB');
    expect(text).toContain('…');
  });
});
