import { expect, it } from 'vitest';
import { here, readText } from './sources.ts';

/** Lists the exports of `export { a, type B } from ...` and `export type { C } from ...`: `a`, `type B`, `type C`. */
const exportsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, type, names]) =>
    names!.split(',').flatMap(name => (name.trim() === '' ? [] : [`${type ?? ''}${name.trim()}`])),
  );

it.each([
  ['src/index.ts', 'public-api.txt'],
  ['src/convert-bytes.ts', 'public-api-convert.txt'],
])('the public API of %s is that of %s', (path, list) => {
  const text = readText(path);
  expect(text.match(/^export/gm)?.length).toBe(text.match(/^export (type )?\{/gm)?.length);
  const expected = readText(here(list)).trimEnd().split('\n');
  expect([...exportsOf(text)].sort()).toEqual(expected);
});
