import { expect, it } from 'vitest';
import { resolve, type SourceFile, SOURCES } from './sources.ts';

/** Which layers a layer may import, besides itself: a layer is a folder of `src`, or a file there. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  version: [],
  tensor: ['errors'],
  wire: ['errors', 'tensor'],
  source: ['errors', 'tensor'],
  tf: ['errors', 'tensor', 'wire', 'source'],
  ov: ['errors', 'tensor'],
  translate: ['errors', 'tensor', 'tf', 'ov'],
  preprocess: ['errors', 'tensor', 'ov'],
  layout: ['errors', 'tensor', 'ov', 'preprocess', 'detect'],
  convert: ['errors', 'tensor', 'source', 'tf', 'translate', 'ov', 'preprocess'],
  platform: ['errors', 'tensor', 'source'],
  download: ['errors', 'version', 'source', 'platform'],
  runtime: ['errors', 'tensor', 'platform'],
  detect: ['errors', 'tensor', 'runtime', 'preprocess'],
  results: ['errors', 'detect'],
  pipeline: ['errors'],
  eval: ['errors', 'detect', 'results'],
  stages: ['errors', 'tensor', 'ov'],
  report: ['errors', 'stages', 'detect', 'results', 'eval'],
  video: ['errors', 'platform', 'detect'],
  face: [
    'errors',
    'version',
    'tensor',
    'source',
    'tf',
    'translate',
    'ov',
    'convert',
    'preprocess',
    'layout',
    'platform',
    'download',
    'runtime',
    'detect',
    'results',
    'pipeline',
    'eval',
    'report',
    'video',
  ],
  cli: [
    'errors',
    'version',
    'tf',
    'ov',
    'layout',
    'convert',
    'platform',
    'download',
    'runtime',
    'detect',
    'results',
    'pipeline',
    'inputs',
    'eval',
    'stages',
    'report',
    'video',
    'face',
  ],
};

/** Folders that only some may look into, and what a layer may take of another only as types. */
const NEVER: readonly (readonly [from: string, to: RegExp, unless: 'type' | undefined])[] = [
  ['translate', /^src\/tf\/(formats|lower|proto)\//, undefined],
  ['detect', /^src\/runtime\//, 'type'],
  ['detect', /^src\/preprocess\/(?!geometry)/, 'type'],
];

const layerOf = (path: string): string => {
  const [, layer] = /^src\/([^/.]+)/.exec(path) ?? [];
  // The other files of `src` are the library's face, over all layers.
  return layer !== undefined && layer in MAY_IMPORT ? layer : 'face';
};

const edges = SOURCES.flatMap(file =>
  file.imports.flatMap(statement => {
    const to = resolve(file, statement);
    return to === undefined ? [] : [{ from: file.path, to, typeOnly: statement.typeOnly }];
  }),
);

it('every import is of a file that exists', () => {
  const paths = new Set(SOURCES.map(({ path }) => path));
  expect(edges.length).toBeGreaterThan(500);
  expect(edges.filter(({ to }) => !paths.has(to))).toEqual([]);
});

it('layers import what lies below them', () => {
  const wrong = edges.filter(({ from, to }) => {
    const [own, other] = [layerOf(from), layerOf(to)];
    return own !== other && !MAY_IMPORT[own]!.includes(other);
  });
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

it('layers do not look into what is not theirs', () => {
  const wrong = edges.filter(({ from, to, typeOnly }) =>
    NEVER.some(([own, never, unless]) => layerOf(from) === own && never.test(to) && !(unless === 'type' && typeOnly)),
  );
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

it('conversion runs without Node', () => {
  const byPath = new Map(SOURCES.map(file => [file.path, file]));
  const reached = new Set<SourceFile>();
  const visit = (path: string): void => {
    const file = byPath.get(path)!;
    if (reached.has(file)) return;
    reached.add(file);
    for (const statement of file.imports) {
      const to = resolve(file, statement);
      if (to !== undefined && !statement.typeOnly) visit(to);
    }
  };
  visit('src/convert.ts');
  expect(reached.size).toBeGreaterThan(100);
  const node = [...reached].filter(({ imports }) => imports.some(({ specifier }) => specifier.startsWith('node:')));
  expect(node.map(({ path }) => path)).toEqual([]);
});
