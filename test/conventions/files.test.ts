import { expect, it } from 'vitest';
import { SOURCES } from './sources.ts';

const MOST_LINES = 400;

/** Where modules of Node may be imported: the platform and what needs native code, files or a terminal. */
const NODE = [
  /^src\/(platform|download|openvino|runtime|inputs|video|cli)\//,
  /^src\/image\/read-image\.ts$/,
  /^src\/draw\/load-canvas\.ts$/,
  /^src\/api\/(ir-info|model-cache|save-model)\.ts$/,
];

it(`no file is longer than ${MOST_LINES} lines`, () => {
  const long = SOURCES.filter(({ text }) => text.split('\n').length - 1 > MOST_LINES);
  expect(long.map(({ path }) => path)).toEqual([]);
});

it('modules of Node stay where they belong', () => {
  const users = SOURCES.filter(({ imports }) => imports.some(({ specifier }) => specifier.startsWith('node:')));
  expect(users.length).toBeGreaterThan(0);
  expect(users.map(({ path }) => path).filter(path => !NODE.some(allowed => allowed.test(path)))).toEqual([]);
});

it('file names are in kebab case', () => {
  expect(SOURCES.map(({ path }) => path).filter(path => !/^src(\/[a-z0-9-]+)+\.ts$/.test(path))).toEqual([]);
});

it('nothing is exported by default', () => {
  expect(SOURCES.filter(({ text }) => /^export default/m.test(text)).map(({ path }) => path)).toEqual([]);
});
