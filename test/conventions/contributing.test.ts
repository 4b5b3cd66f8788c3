import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/run-cli.ts';
import { readText } from './sources.ts';

const PAGE = readText('CONTRIBUTING.md');

const CODE = [...PAGE.matchAll(/^```\w*\n([^]*?)^```$|`([^`\n]+)`/gm)].map(([, block, span]) => block ?? span!);

/** Paths in code. A part in angle brackets is a placeholder: `src/ov/passes/<name>.ts`. */
const PATHS = CODE.flatMap(code => code.split(/\s+/)).filter(word =>
  /^(?:src|test|docs|tools|bench|\.github)\//.test(word),
);

const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/<\w+>/g, '[a-z0-9_-]+')}$`).test(name);

function exists(path: string): boolean {
  let folders = [ROOT];
  for (const part of path.replace(/\/$/, '').split('/')) {
    folders = folders.flatMap(folder => {
      if (!part.includes('<')) return existsSync(join(folder, part)) ? [join(folder, part)] : [];
      const names = readdirSync(folder).filter(name => matches(part, name));
      return names.map(name => join(folder, name));
    });
  }
  return folders.length > 0;
}

it('names only paths that exist', () => {
  expect(PATHS.length).toBeGreaterThan(50);
  expect([...new Set(PATHS)].filter(path => !exists(path))).toEqual([]);
});

it('names only scripts of package.json', () => {
  const { scripts } = JSON.parse(readText('package.json')) as { scripts: Readonly<Record<string, string>> };
  const named = [...PAGE.matchAll(/`npm (?:run )?(test|(?<=run )[\w:]+)`/g)].map(([, script]) => script!);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(script => !(script in scripts))).toEqual([]);
});

it('quotes headings that exist', () => {
  const quoted = [...PAGE.matchAll(/`([\w/.-]+\.md)`\s+\("([^"]+)"\)/g)].map(
    ([, path, heading]) => [path!, heading!] as const,
  );
  expect(quoted.length).toBeGreaterThan(1);
  const headingsOf = (path: string): readonly string[] =>
    [...readText(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
  expect(quoted.filter(([path, heading]) => !headingsOf(path).includes(heading))).toEqual([]);
});

it('links to files and headings that exist', () => {
  const targets = [...PAGE.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);
  const headings = [...PAGE.matchAll(/^#+ (.*)$/gm)].map(([, text]) => text!.toLowerCase().replaceAll(' ', '-'));
  const exist = (target: string): boolean =>
    target.startsWith('#') ? headings.includes(target.slice(1)) : existsSync(join(ROOT, target));
  expect(targets.filter(target => !exist(target))).toEqual([]);
});
