import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Files } from '../../tools/fuzz/target.ts';
import { TARGETS } from '../../tools/fuzz/targets.ts';
import { Watched } from '../../tools/fuzz/watched.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/fuzz');

const watched = new Watched();
afterAll(() => {
  watched.stop();
});

function filesBelow(folder: string): Files {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));
  return new Map(paths.map(path => [path.slice(folder.length + 1), new Uint8Array(readFileSync(path))]));
}

describe.each(TARGETS.filter(({ name }) => existsSync(join(FOLDER, name))))('$name', ({ name }) => {
  it.each(readdirSync(join(FOLDER, name)))('reads or refuses %s', async finding => {
    const files = filesBelow(join(FOLDER, name, finding));
    const [outcome] = await watched.run({ target: name, files });
    expect(outcome).toMatch(/^(?:read|refused)$/);
  });
});

it('keeps findings of known targets only', () => {
  const names: readonly string[] = TARGETS.map(({ name }) => name);
  expect(readdirSync(FOLDER).filter(name => !names.includes(name))).toEqual([]);
});
