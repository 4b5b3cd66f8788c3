import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** Whether it is imported by a call, when needed. */
  readonly deferred: boolean;
}

export interface SourceFile {
  /** Relative to the root of the package, with slashes: `src/ov/graph.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)';/gm;
const DYNAMIC = /\bimport\('([^']+)'\)/g;

const importsOf = (text: string): readonly Import[] => [
  ...[...text.matchAll(STATEMENT)].map(([, type, specifier]) => ({
    specifier: specifier!,
    typeOnly: type !== undefined,
    deferred: false,
  })),
  ...[...text.matchAll(DYNAMIC)].map(([, specifier]) => ({ specifier: specifier!, typeOnly: false, deferred: true })),
];

export const SOURCES: readonly SourceFile[] = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map(path => {
    const text = readFileSync(join(ROOT, 'src', path), 'utf8');
    return { path: posix.join('src', path.split(sep).join('/')), text, imports: importsOf(text) };
  });

/** Resolves a relative import to a path; returns `undefined` for packages. */
export const resolve = (from: SourceFile, { specifier }: Import): string | undefined =>
  specifier.startsWith('.') ? posix.join(dirname(from.path), specifier) : undefined;

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export const here = (name: string): string => relative(ROOT, join(import.meta.dirname, name));
