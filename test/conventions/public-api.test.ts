import { expect, it } from 'vitest';
import { here, readText } from './sources.ts';

/** Lists the exports of `export { a, type B } from ...` and `export type { C } from ...`: `a`, `type B`, `type C`. */
const exportsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, type, names]) =>
    names!.split(',').flatMap(name => (name.trim() === '' ? [] : [`${type ?? ''}${name.trim()}`])),
  );

it('the public API is that of public-api.txt', () => {
  const text = readText('src/index.ts');
  expect(text.match(/^export/gm)?.length).toBe(text.match(/^export (type )?\{/gm)?.length);
  const expected = readText(here('public-api.txt')).trimEnd().split('\n');
  expect([...exportsOf(text)].sort()).toEqual(expected);
});
