import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig, normalizePath } from 'vite';

const SOURCES = join(import.meta.dirname, 'src');

const FONT = join(import.meta.dirname, 'node_modules/@fontsource/inter');
const FONT_FILES = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'].map(
  subset => `files/inter-${subset}-600-normal.woff2`,
);

const LIBRARY = normalizePath(join(SOURCES, 'index.ts'));
const CONVERTER = normalizePath(join(SOURCES, 'convert-bytes.ts'));
/** What every conversion imports. */
const CONVERSION = ['translate/translate.ts', 'ov/passes/index.ts', 'api/describe-conversion.ts'].map(file =>
  normalizePath(join(SOURCES, file)),
);

interface Modules {
  getModuleInfo(id: string): {
    readonly importedIds: readonly string[];
    readonly dynamicallyImportedIds: readonly string[];
  } | null;
}

/** Finds what a module imports before it runs, or ever; itself included. */
function importedBy(entry: string, modules: Modules, when: 'first' | 'ever'): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const id of found) {
    const { importedIds = [], dynamicallyImportedIds = [] } = modules.getModuleInfo(id) ?? {};
    for (const imported of importedIds) found.add(imported);
    if (when === 'ever') for (const imported of dynamicallyImportedIds) found.add(imported);
  }
  return found;
}

/** Names the file of a module that the library needs at once. What pages need, too, must not share one with modules of Node. */
function fileOf(id: string, modules: Modules): string | null {
  if (!importedBy(LIBRARY, modules, 'first').has(id)) return null;
  if (importedBy(CONVERTER, modules, 'first').has(id)) return 'shared';
  if (CONVERSION.some(entry => importedBy(entry, modules, 'first').has(id))) return 'shared-later';
  return importedBy(CONVERTER, modules, 'ever').has(id) ? 'shared-rarely' : 'library';
}

export default defineConfig({
  plugins: [
    {
      // An entry whose exports are kept to: parts of the library must not move into it, because it is not published.
      name: 'internals',
      buildStart() {
        const id = join(import.meta.dirname, 'tools/internals.ts');
        this.emitFile({ type: 'chunk', id, fileName: 'internals.js', preserveSignature: 'strict' });
      },
    },
    {
      name: 'copy-font',
      generateBundle() {
        for (const file of ['LICENSE', ...FONT_FILES]) {
          this.emitFile({ type: 'asset', fileName: `fonts/${basename(file)}`, source: readFileSync(join(FONT, file)) });
        }
      },
    },
  ],
  build: {
    ssr: true,
    target: 'node20.19',
    minify: false,
    rolldownOptions: {
      platform: 'neutral',
      input: {
        index: LIBRARY,
        'convert-bytes': CONVERTER,
        'cli/main': join(SOURCES, 'cli/main.ts'),
        'server/run-tasks': join(SOURCES, 'server/thread/run-tasks.ts'),
        'verify/engine': join(SOURCES, 'verify/engine.ts'),
      },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        codeSplitting: {
          // Finding and reading a file takes longer than running it, so what the library imports at once is in few files.
          groups: ['shared', 'shared-later', 'shared-rarely', 'library'].map((file, i) => ({
            name: (id, modules) => (fileOf(id, modules) === file ? file : null),
            priority: 3 - i,
          })),
        },
      },
      checks: { bundlerTimings: false, ineffectiveDynamicImport: false },
    },
  },
});
