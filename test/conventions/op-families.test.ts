import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPS } from '../../src/ov/ops/index.ts';
import { branches } from '../../src/translate/control/branch.ts';
import { loops } from '../../src/translate/control/loop.ts';
import { refused } from '../../src/translate/refused.ts';
import { TRANSLATORS } from '../../src/translate/translators.ts';
import { FAMILIES as CASES } from '../ops/cases/index.ts';
import { TF_FAMILIES } from '../ops/tf-cases.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Families of TensorFlow ops that no OpenVINO op corresponds to: they are translated to ops of other families. */
const ONLY_TF = ['list', 'segment', 'table'];

/** Families of OpenVINO ops that `translate/control` and CropAndResize emit, rather than a family of translators. */
const ONLY_OV = ['control-flow', 'detection'];

const familiesIn = (folder: string, extension: string): readonly string[] =>
  readdirSync(join(ROOT, folder))
    .filter(file => file.endsWith(extension) && !file.endsWith('.test.ts'))
    .map(file => basename(file, extension))
    .sort();

const without = (families: readonly string[], names: readonly string[]): readonly string[] =>
  families.filter(family => !names.includes(family));

const TRANSLATOR_FAMILIES = familiesIn('src/translate/ops', '.ts');

/** The objects that a module exports. */
async function exportsOf(path: string): Promise<readonly object[]> {
  const exports = Object.values((await import(join(ROOT, path))) as Readonly<Record<string, unknown>>);
  return exports.filter(value => typeof value === 'object' && value !== null);
}

const isOp = (value: object): value is { readonly type: string } => 'type' in value && 'opset' in value;

/** Families of OpenVINO ops, by lower-case type. */
const ovOps = new Map<string, string>();
for (const family of without(familiesIn('src/ov/ops', '.ts'), ['index'])) {
  for (const op of await exportsOf(`src/ov/ops/${family}.ts`)) if (isOp(op)) ovOps.set(op.type.toLowerCase(), family);
}

const OV_FAMILIES = [...new Set(ovOps.values())];

/** Families of TensorFlow ops. */
const tfOps = new Map<string, string>(Object.keys({ ...branches, ...loops }).map(op => [op, 'control-flow']));
for (const folder of ['src/translate/ops', 'src/translate/ops/selection', 'src/translate/ops/rare']) {
  for (const family of familiesIn(folder, '.ts')) {
    for (const table of await exportsOf(`${folder}/${family}.ts`)) {
      for (const op of Object.keys(table)) tfOps.set(op, family);
    }
  }
}

describe('op families', () => {
  it('contain every op', () => {
    expect([...ovOps.keys()].sort()).toEqual([...new Set(OPS.map(({ type }) => type.toLowerCase()))].sort());
    const translated = Object.keys(TRANSLATORS).filter(op => !Object.hasOwn(refused, op));
    expect([...tfOps.keys()].sort()).toEqual(translated.sort());
  });

  it('have the same names in OpenVINO and TensorFlow', () => {
    expect(without(OV_FAMILIES, ONLY_OV)).toEqual(without(TRANSLATOR_FAMILIES, ONLY_TF));
  });

  it('contain an op of the same name in both', () => {
    const different = [...tfOps].filter(([op, family]) => (ovOps.get(op.toLowerCase()) ?? family) !== family);
    expect(different).toEqual([]);
  });

  it('are those of the cases of OpenVINO ops', () => {
    for (const [name, cases] of Object.entries(CASES)) {
      const family = name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
      for (const { name: title, op } of cases) expect(ovOps.get(op.type.toLowerCase()), title).toBe(family);
    }
    expect(familiesIn('test/ops/cases', '.ts').filter(family => family !== 'index')).toEqual(
      without(OV_FAMILIES, ['infrastructure']),
    );
  });

  it('are those of the fixtures of TensorFlow ops', () => {
    expect([...TF_FAMILIES.keys()].sort()).toEqual([...TRANSLATOR_FAMILIES, 'control-flow'].sort());
    expect(without(familiesIn('tools/fixtures/ops', '.py'), ['make'])).toEqual([...TF_FAMILIES.keys()].sort());
  });

  it.each(without([...TF_FAMILIES.keys()], ['control-flow']))('%s has fixtures named after its ops', family => {
    for (const { name } of TF_FAMILIES.get(family)!) expect(tfOps.get(name.split(' ')[0]!), name).toBe(family);
  });
});
