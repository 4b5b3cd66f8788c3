import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig } from 'vite';

const SOURCES = join(import.meta.dirname, 'src');

const FONT = join(import.meta.dirname, 'node_modules/@fontsource/inter');
const FONT_FILES = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'].map(
  subset => `files/inter-${subset}-600-normal.woff2`,
);

const LIBRARY = join(SOURCES, 'index.ts');
const CONVERTER = join(SOURCES, 'convert-bytes.ts');

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** Finds what a module imports before it runs, itself included. */
function importedBy(entry: string, modules: Modules): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const id of found) for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

export default defineConfig({
  plugins: [
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
        internals: join(import.meta.dirname, 'tools/internals.ts'),
      },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        codeSplitting: {
          // Finding and reading a file takes longer than running it, so what the library imports at once is in two files.
          groups: [
            {
              name: (id, modules) =>
                [LIBRARY, CONVERTER].every(entry => importedBy(entry, modules).has(id)) ? 'shared' : null,
              priority: 1,
            },
            { name: (id, modules) => (importedBy(LIBRARY, modules).has(id) ? 'library' : null) },
          ],
        },
      },
      checks: { bundlerTimings: false, ineffectiveDynamicImport: false },
    },
  },
});
