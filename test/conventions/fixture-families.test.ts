import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { branches } from '../../src/translate/control/branch.ts';
import { loops } from '../../src/translate/control/loop.ts';
import type { Translators } from '../../src/translate/translator.ts';
import { TF_FAMILIES } from '../ops/tf-cases.ts';

const ROOT = join(import.meta.dirname, '../..');

const modules = readdirSync(join(ROOT, 'src/translate/ops'))
  .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map(async file => {
    const family = basename(file, '.ts');
    const exports = (await import(join(ROOT, 'src/translate/ops', file))) as Readonly<Record<string, Translators>>;
    return [family, Object.keys(exports[family]!)] as const;
  });

/** The ops of each family: a file of `src/translate/ops/`, or `src/translate/control/`. */
const OPS = new Map([
  ...(await Promise.all(modules)),
  ['control-flow', Object.keys({ ...branches, ...loops })] as const,
]);

/** In the table of the rare ops, unlike its family. */
OPS.get('sort')!.push('CombinedNonMaxSuppression');

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
