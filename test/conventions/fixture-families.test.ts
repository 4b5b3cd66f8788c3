import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { branches } from '../../src/translate/control/branch.ts';
import { loops } from '../../src/translate/control/loop.ts';
import type { Translators } from '../../src/translate/translator.ts';
import { TF_FAMILIES } from '../ops/tf-cases.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The ops of each family: of the files of its name, or of `src/translate/control/`. */
const OPS = new Map([['control-flow', Object.keys({ ...branches, ...loops })]]);
for (const folder of ['ops', 'ops/selection', 'ops/rare'].map(name => join(ROOT, 'src/translate', name))) {
  for (const file of readdirSync(folder).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    const family = basename(file, '.ts');
    const exports = (await import(join(folder, file))) as Readonly<Record<string, Translators>>;
    OPS.set(family, [...(OPS.get(family) ?? []), ...Object.keys(exports[family]!)]);
  }
}

const opOf = (caseName: string): string => caseName.split(/[ ,]/)[0]!;

it('has a fixture and a recipe for each family of translators', () => {
  const recipes = readdirSync(join(ROOT, 'tools/fixtures/ops'))
    .filter(file => file.endsWith('.py') && file !== 'make.py')
    .map(file => basename(file, '.py'));
  const families = [...OPS.keys()].sort();
  expect([...TF_FAMILIES.keys()].sort()).toEqual(families);
  expect(recipes.sort()).toEqual(families);
});

it.each([...TF_FAMILIES])('%s has only cases of its ops', (family, cases) => {
  const ops = new Set(OPS.get(family));
  // TensorFlow 1's control flow has no translators: it becomes If and While before translation.
  const others = cases
    .map(({ name }) => opOf(name))
    .filter(op => !ops.has(op) && !['Switch', 'loop', 'map'].includes(op));
  expect(others).toEqual([]);
});

it('has unique case names', () => {
  const names = [...TF_FAMILIES.values()].flat().map(({ name }) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
