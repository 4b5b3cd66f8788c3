import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decant, ROOT } from '../support/run-cli.ts';
import { here, readText } from './sources.ts';

const MARKDOWN = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .map(path => `docs/${path.replaceAll('\\', '/')}`)
    .filter(path => path.endsWith('.md') && !path.startsWith('docs/api/')),
];

const helpOf = async (...command: readonly string[]): Promise<string> => (await decant([...command, '--help'])).stdout;

const commandsIn = (help: string): readonly string[] =>
  [...help.matchAll(/^ {2}([a-z]+) \[/gm)].map(([, name]) => name!).filter(name => name !== 'help');

const optionsIn = (text: string): readonly string[] => [...text.matchAll(/--[a-z][\w-]*/g)].map(([name]) => name);

/** Returns the options that a help text explains, not those that it mentions. */
const optionsOfHelp = (help: string): readonly string[] =>
  [...help.matchAll(/^ {2}(?:-\w+, )?(--.*?)(?: {2}|$)/gm)].flatMap(([, words]) => optionsIn(words!));

const optionsOfPage = (page: string): readonly string[] =>
  [...page.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell]) => optionsIn(cell!));

const sorted = (words: readonly string[]): readonly string[] => [...new Set(words)].sort();

const COMMANDS = commandsIn(await helpOf());

it('every command has a page', () => {
  expect(COMMANDS).toContain('detect');
  const pages = readdirSync(join(ROOT, 'docs', 'commands')).map(file => file.replace('.md', ''));
  expect(pages.sort()).toEqual([...COMMANDS].sort());
});

it('the README lists every command with a link to its page', () => {
  const listed = [...readText('README.md').matchAll(/^\| \[`decant (\w+)`\]\(docs\/commands\/\1\.md\)/gm)];
  expect(listed.map(([, name]) => name)).toEqual(COMMANDS);
});

it.each(COMMANDS)('the page of %s documents exactly its options', async command => {
  const help = await helpOf(command);
  const below = await Promise.all(commandsIn(help).map(name => helpOf(command, name)));
  const page = readText(`docs/commands/${command}.md`);
  expect(sorted(optionsOfPage(page))).toEqual(sorted([help, ...below].flatMap(optionsOfHelp)));
});

it('the guides mention all public functions and classes', () => {
  const values = readText(here('public-api.txt'))
    .trimEnd()
    .split('\n')
    .filter(name => !name.startsWith('type '));
  const guide = ['library', 'video', 'adding-an-op'].map(page => readText(`docs/${page}.md`)).join('\n');
  expect(values.filter(name => !new RegExp(`\\b${name}\\b`).test(guide))).toEqual([]);
});

describe('links', () => {
  it.each(MARKDOWN)('in %s are not broken', path => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target!);
    expect(targets.filter(target => !existsSync(join(ROOT, dirname(path), target)))).toEqual([]);
  });
});
