import { expect, it } from 'vitest';
import { SOURCES } from './sources.ts';

const MAX_LINES = 400;

/** Files that may import Node modules: those that need files, processes, native code or a terminal. */
const NODE = [
  /^src\/(platform|download|openvino|runtime|inputs|video|cli)\//,
  /^src\/image\/read-image\.ts$/,
  /^src\/draw\/load-canvas\.ts$/,
  /^src\/api\/(ir-info|model-cache|save-model)\.ts$/,
];

it(`no file is longer than ${MAX_LINES} lines`, () => {
  const long = SOURCES.filter(({ text }) => text.split('\n').length - 1 > MAX_LINES);
  expect(long.map(({ path }) => path)).toEqual([]);
});

it('only platform code imports Node modules', () => {
  const users = SOURCES.filter(({ imports }) => imports.some(({ specifier }) => specifier.startsWith('node:')));
  expect(users.length).toBeGreaterThan(0);
  expect(users.map(({ path }) => path).filter(path => !NODE.some(allowed => allowed.test(path)))).toEqual([]);
});

it('file names are in kebab case', () => {
  expect(SOURCES.map(({ path }) => path).filter(path => !/^src(\/[a-z0-9-]+)+\.ts$/.test(path))).toEqual([]);
});

it('no file has a default export', () => {
  expect(SOURCES.filter(({ text }) => /^export default/m.test(text)).map(({ path }) => path)).toEqual([]);
});
