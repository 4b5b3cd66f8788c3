import { expect, it } from 'vitest';
import { SOURCES } from './sources.ts';

const MAX_LINES = 400;

/** Files that may import Node modules: those that need files, processes, native code or a terminal. */
const NODE = [
  /^src\/(platform|download|openvino|runtime|inputs|video|export|queue|server|cli)\//,
  /^src\/image\/(read-image|rasterize-svg)\.ts$/,
  /^src\/draw\/load-canvas\.ts$/,
  /^src\/verify\/reference\.ts$/,
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

/** Files that read what only they or the package wrote, or check it themselves. */
const READERS = [
  /^src\/platform\/(open-file|read-pipe|folder-source|pending-file|atomic-file|write-files|process-token)\.ts$/,
  /^src\/image\/read-image\.ts$/,
  /^src\/draw\/load-canvas\.ts$/,
  /^src\/download\/(check-file|fetch-file|part-lock)\.ts$/,
  /^src\/openvino\/(location|setup-unpack)\.ts$/,
];

it('files are opened by openFile, which rejects pipes and devices', () => {
  const opening =
    /^import (?!type\b)[^;]*\b(?:open|openSync|readFile|readFileSync|createReadStream)\b[^;]*from 'node:fs/m;
  const users = SOURCES.filter(({ text }) => opening.test(text)).map(({ path }) => path);
  expect(users.filter(path => !READERS.some(allowed => allowed.test(path)))).toEqual([]);
});

it('file names are in kebab case', () => {
  expect(SOURCES.map(({ path }) => path).filter(path => !/^src(\/[a-z0-9-]+)+\.ts$/.test(path))).toEqual([]);
});

it('no file has a default export', () => {
  expect(SOURCES.filter(({ text }) => /^export default/m.test(text)).map(({ path }) => path)).toEqual([]);
});
