import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { here, readText, SOURCES } from './sources.ts';

interface Manifest {
  readonly name: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifestAt = (folder: string): Manifest => JSON.parse(readText(`${folder}package.json`)) as Manifest;

/** Licenses that do not restrict users of decant. */
const PERMISSIVE = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '(Apache-2.0 AND BSD-3-Clause)',
  '0BSD',
  'BlueOak-1.0.0',
];

/** The LGPL of libvips is satisfied: it is a separate shared library, which users may replace. */
const SHARED_LIBRARY = '@img/sharp-libvips-';

const direct = Object.keys(manifestAt('').dependencies ?? {});

function installed(): readonly Manifest[] {
  const found = new Map<string, Manifest>();
  const visit = (name: string, from: string, optional: boolean): void => {
    for (let base = from; ; base = base.slice(0, base.lastIndexOf('node_modules/'))) {
      const folder = `${base}node_modules/${name}/`;
      if (existsSync(`${folder}package.json`)) {
        if (found.has(folder)) return;
        const manifest = manifestAt(folder);
        found.set(folder, manifest);
        for (const next of Object.keys(manifest.dependencies ?? {})) visit(next, folder, false);
        for (const next of Object.keys(manifest.optionalDependencies ?? {})) visit(next, folder, true);
        return;
      }
      if (base === '') break;
    }
    if (!optional) throw new Error(`${name} is not installed`);
  };
  for (const name of direct) visit(name, '', false);
  return [...found.values()];
}

it('dependencies and their licenses are those of dependencies.txt', () => {
  const lines = direct.map(name => `${name} ${manifestAt(`node_modules/${name}/`).license ?? 'no license'}`);
  expect(lines.sort()).toEqual(readText(here('dependencies.txt')).trimEnd().split('\n'));
});

it('direct and transitive dependencies have permissive licenses', () => {
  const packages = installed();
  expect(packages.length).toBeGreaterThan(direct.length);
  const others = packages.filter(
    ({ name, license = '' }) => !PERMISSIVE.includes(license) && !name.startsWith(SHARED_LIBRARY),
  );
  expect(others.map(({ name, license }) => `${name} ${license ?? 'no license'}`)).toEqual([]);
});

it('all dependencies are used, and all imports are dependencies', () => {
  const used = new Set(
    SOURCES.flatMap(({ imports }) => imports.map(({ specifier }) => specifier))
      .filter(specifier => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .map(specifier =>
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  );
  expect([...used].filter(name => !direct.includes(name))).toEqual([]);
  const named = SOURCES.map(({ text }) => text).join('\n');
  expect(direct.filter(name => !used.has(name) && !named.includes(name))).toEqual([]);
});
