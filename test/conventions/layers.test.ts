import { expect, it } from 'vitest';
import { type Import, readText, resolve, type SourceFile, SOURCES } from './sources.ts';

/** Imports allowed between layers, which are the folders and files directly in `src`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  version: [],
  'nearest-names': [],
  check: ['errors', 'nearest-names'],
  tensor: ['errors'],
  wire: ['errors'],
  source: ['errors', 'check', 'wire'],
  platform: ['errors', 'nearest-names', 'source'],
  tf: ['errors', 'nearest-names', 'tensor', 'wire', 'source'],
  ov: ['errors', 'tensor'],
  translate: ['errors', 'tensor', 'tf', 'ov'],
  preprocess: ['errors', 'check', 'tensor', 'ov'],
  convert: ['errors', 'source', 'tf', 'translate', 'ov', 'preprocess'],
  architecture: ['tensor', 'ov'],
  pipeline: ['errors'],
  net: ['errors'],
  image: ['errors', 'check', 'source', 'tensor', 'pipeline', 'net'],
  labels: ['errors', 'check', 'nearest-names', 'wire'],
  detect: ['errors', 'check', 'nearest-names', 'tensor', 'preprocess', 'pipeline', 'image', 'labels'],
  'output-layout': ['errors', 'tensor', 'ov', 'preprocess', 'detect'],
  'post-processing': ['errors', 'tensor', 'ov', 'detect'],
  kserve: ['errors', 'tensor', 'net'],
  track: ['errors', 'check', 'image', 'detect'],
  draw: ['errors', 'check', 'platform', 'image', 'labels', 'detect', 'track'],
  download: ['errors', 'check', 'version', 'source', 'platform', 'net'],
  openvino: ['errors', 'check', 'platform', 'download', 'pipeline'],
  runtime: ['errors', 'check', 'nearest-names', 'tensor', 'platform', 'pipeline', 'openvino'],
  quantize: ['errors', 'tensor', 'ov', 'architecture', 'runtime'],
  inputs: ['errors', 'platform', 'pipeline', 'image'],
  video: ['errors', 'check', 'platform', 'image'],
  results: ['errors', 'check', 'version', 'nearest-names', 'image', 'labels', 'detect', 'track'],
  eval: ['errors', 'check', 'image', 'labels', 'detect', 'results'],
  report: ['architecture', 'image', 'detect', 'draw', 'results', 'eval', 'benchmark'],
  api: [
    'errors',
    'check',
    'version',
    'tensor',
    'source',
    'tf',
    'ov',
    'convert',
    'preprocess',
    'output-layout',
    'post-processing',
    'platform',
    'download',
    'runtime',
    'quantize',
    'pipeline',
    'image',
    'labels',
    'detect',
    'kserve',
    'eval',
  ],
  export: ['errors', 'version', 'platform', 'api'],
  queue: ['errors', 'net', 'platform', 'pipeline', 'image', 'inputs', 'results', 'api'],
  benchmark: ['errors', 'check', 'tensor', 'runtime', 'image', 'detect', 'api'],
  verify: ['errors', 'tensor', 'source', 'ov', 'convert', 'platform', 'runtime', 'image', 'detect', 'api'],
  server: [
    'errors',
    'version',
    'tensor',
    'ov',
    'platform',
    'runtime',
    'pipeline',
    'image',
    'labels',
    'detect',
    'track',
    'draw',
    'results',
    'api',
    'kserve',
  ],
  index: [
    'errors',
    'version',
    'tensor',
    'source',
    'tf',
    'translate',
    'ov',
    'preprocess',
    'pipeline',
    'image',
    'labels',
    'detect',
    'track',
    'draw',
    'download',
    'openvino',
    'runtime',
    'quantize',
    'video',
    'results',
    'eval',
    'api',
    'benchmark',
  ],
  'convert-bytes': ['errors', 'version', 'source', 'convert', 'api'],
  cli: [
    'errors',
    'version',
    'nearest-names',
    'tf',
    'ov',
    'convert',
    'architecture',
    'output-layout',
    'pipeline',
    'image',
    'labels',
    'detect',
    'track',
    'draw',
    'platform',
    'download',
    'openvino',
    'runtime',
    'inputs',
    'video',
    'results',
    'eval',
    'report',
    'api',
    'benchmark',
    'verify',
    'server',
    'kserve',
    'export',
    'queue',
  ],
};

/** Layers that all may import, so that the table of the documentation does not repeat them. */
const EVERYWHERE: readonly string[] = ['errors', 'check'];

/** Files that a layer must not import, or only types of them. */
const NEVER: readonly (readonly [from: string, to: RegExp, unless: 'type' | undefined])[] = [
  ['translate', /^src\/tf\/(formats|prepare|proto)\//, undefined],
  ['detect', /^src\/preprocess\/(?!geometry)/, 'type'],
];

const layerOf = (path: string): string => /^src\/([^/.]+)/.exec(path)![1]!;

const edges = SOURCES.flatMap(file =>
  file.imports.flatMap(statement => {
    const to = resolve(file, statement);
    return to === undefined ? [] : [{ from: file.path, to, typeOnly: statement.typeOnly }];
  }),
);

it('every imported file exists', () => {
  const paths = new Set(SOURCES.map(({ path }) => path));
  expect(edges.length).toBeGreaterThan(500);
  expect(edges.filter(({ to }) => !paths.has(to))).toEqual([]);
});

it('the table lists exactly the layers of src', () => {
  expect([...new Set(SOURCES.map(({ path }) => layerOf(path)))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

it('every allowed import is used', () => {
  const used = new Set(edges.map(({ from, to }) => `${layerOf(from)} -> ${layerOf(to)}`));
  const allowed = Object.entries(MAY_IMPORT).flatMap(([own, others]) => others.map(other => `${own} -> ${other}`));
  expect(allowed.filter(edge => !used.has(edge))).toEqual([]);
});

it('layers import only what the table allows', () => {
  const wrong = edges.filter(({ from, to }) => {
    const own = layerOf(from);
    const other = layerOf(to);
    return own !== other && MAY_IMPORT[own]?.includes(other) !== true;
  });
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

it('layers do not import private folders of others', () => {
  const wrong = edges.filter(({ from, to, typeOnly }) =>
    NEVER.some(([own, never, unless]) => layerOf(from) === own && never.test(to) && !(unless === 'type' && typeOnly)),
  );
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

/** Returns the files that are loaded with a file. */
function loadedWith(first: string, follows: (statement: Import) => boolean): ReadonlySet<SourceFile> {
  const byPath = new Map(SOURCES.map(file => [file.path, file]));
  const loaded = new Set<SourceFile>();
  const visit = (path: string): void => {
    const file = byPath.get(path)!;
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const statement of file.imports) {
      const to = resolve(file, statement);
      if (to !== undefined && !statement.typeOnly && follows(statement)) visit(to);
    }
  };
  visit(first);
  return loaded;
}

it.each(['src/convert.ts', 'src/convert-bytes.ts'])('%s runs without Node', path => {
  const loaded = loadedWith(path, () => true);
  expect(loaded.size).toBeGreaterThan(100);
  const node = [...loaded].filter(({ imports }) => imports.some(({ specifier }) => specifier.startsWith('node:')));
  expect(node.map(({ path }) => path)).toEqual([]);
});

it('detection loads the converter only for a model to convert', () => {
  const loaded = loadedWith('src/cli/detect/run-detect.ts', ({ deferred }) => !deferred);
  expect(loaded.size).toBeGreaterThan(100);
  const converter = /^src\/(?:convert\.ts|tf\/|translate\/|ov\/passes\/)/;
  expect([...loaded].map(({ path }) => path).filter(path => converter.test(path))).toEqual([]);
});

it('imports have no cycles, including type imports', () => {
  const imports = new Map(
    SOURCES.map(({ path }) => [path, edges.filter(({ from }) => from === path).map(({ to }) => to)]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path)) return;
    done.add(path);
    for (const next of imports.get(path)!) visit(next, [...trail, path]);
  };
  for (const { path } of SOURCES) visit(path, []);
  expect(cycles).toEqual([]);
});

it('the table in docs/architecture.md is this one', () => {
  const rows = [...readText('docs/architecture.md').matchAll(/^\| `([\w-]+)(?:\/|\.ts)`[^|]*\|[^|]*\|([^|]*)\|$/gm)];
  const documented = rows.map(([, layer, others]) => [layer!, wordsIn(others!, layer!)]);
  const enforced = Object.entries(MAY_IMPORT).map(([layer, others]) => [
    layer,
    others.filter(other => !EVERYWHERE.includes(other)).sort(),
  ]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(enforced));
});

/** The layers in a cell: listed, or all layers but those listed and the layer itself. */
function wordsIn(cell: string, layer: string): readonly string[] {
  const words = [...cell.replaceAll(/`|\.ts/g, '').matchAll(/[\w-]+/g)].map(([word]) => word);
  if (words[0] !== 'everything') return words.sort();
  return Object.keys(MAY_IMPORT)
    .filter(other => !EVERYWHERE.includes(other) && other !== layer && !words.includes(other))
    .sort();
}
