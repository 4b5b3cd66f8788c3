import { join } from 'node:path';
import { loadModule } from '../load-module.mjs';

/** Loads a TypeScript module of this folder. */
export const load = file => loadModule(join(import.meta.dirname, file));
