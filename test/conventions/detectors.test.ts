import { describe, expect, it } from 'vitest';
import { HEAD_SCHEMA, type Schema } from '../../src/detect/heads/head-schema.ts';
import { HEAD_NAMES } from '../../src/detect/heads/heads.ts';
import { parseHeadDescription } from '../../src/detect/heads/parse-head-description.ts';
import { readText } from './sources.ts';

/** The kinds with a format after a colon share a section. */
const KINDS = [...new Set(HEAD_NAMES.map(name => name.replace(/:.*/, '')))];

const [, ...sections] = readText('docs/detectors.md').split(/^## /m);
const SECTIONS = new Map(sections.map(section => [section.slice(0, section.indexOf('\n')), section]));

describe('docs/detectors.md', () => {
  it('has one section per head, in the order in which they are tried', () => {
    expect([...SECTIONS.keys()].filter(title => /^[a-z]/.test(title))).toEqual(KINDS);
  });

  it.each(KINDS)('describes %s completely', name => {
    const facts = [...SECTIONS.get(name)!.matchAll(/^- \*\*(.+?)\*\*: \S/gm)].map(([, fact]) => fact);
    expect(facts).toEqual(['Input', 'Outputs', 'Recognized by', 'Boxes', 'Classes', 'Example']);
  });

  it('publishes the schema of descriptions, and explains all their keys', () => {
    expect(JSON.parse(readText('docs/head.schema.json'))).toEqual(HEAD_SCHEMA);
    const rows = [...SECTIONS.get('Other detectors')!.matchAll(/^\| (`.*?`) \|(.*)$/gm)];
    const explained = rows.flatMap(([, keys, meaning]) => [
      ...keys!.matchAll(/`([\w.]+)`/g),
      ...(keys === '`nms`' ? [...meaning!.matchAll(/`(\w+)` \(/g)].map(([, key]) => ['', `nms.${key!}`]) : []),
    ]);
    const keys = explained.map(([, key]) => key!).filter(key => key !== 'nms');
    expect(keys.sort()).toEqual([...keysOf(HEAD_SCHEMA)].sort());
  });

  it('has examples of descriptions that are valid', () => {
    const examples = [...SECTIONS.get('Other detectors')!.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => json!);
    expect(examples.map(json => parseHeadDescription(JSON.parse(json)))).toHaveLength(2);
  });
});

const keysOf = ({ properties = {} }: Schema): readonly string[] =>
  Object.entries(properties).flatMap(([section, { properties: keys = {} }]) =>
    Object.keys(keys).map(key => `${section}.${key}`),
  );
