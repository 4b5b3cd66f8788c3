import { describe, expect, it } from 'vitest';
import { HEAD_NAMES } from '../../src/detect/heads/heads.ts';
import { readText } from './sources.ts';

const [, ...sections] = readText('docs/detectors.md').split(/^## /m);
const SECTIONS = new Map(sections.map(section => [section.slice(0, section.indexOf('\n')), section]));

describe('docs/detectors.md', () => {
  it('has one section per head, in the order in which they are tried', () => {
    expect([...SECTIONS.keys()].filter(title => /^[a-z]/.test(title))).toEqual(HEAD_NAMES);
  });

  it.each(HEAD_NAMES)('describes %s completely', name => {
    const facts = [...SECTIONS.get(name)!.matchAll(/^- \*\*(.+?)\*\*: \S/gm)].map(([, fact]) => fact);
    expect(facts).toEqual(['Input', 'Outputs', 'Recognized by', 'Boxes', 'Classes', 'Example']);
  });
});
