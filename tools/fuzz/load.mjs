import { join } from 'node:path';
import { runnerImport } from 'vite';

/** Loads a TypeScript module of this folder, compiled for the oldest Node that decant supports. */
export async function load(file) {
  const { module } = await runnerImport(join(import.meta.dirname, file), { oxc: { target: 'node20' } });
  return module;
}
