import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Finds a file of the package itself, wherever the code that asks is bundled. */
export const packagePath = (path: string): string =>
  join(dirname(createRequire(import.meta.url).resolve('decant/package.json')), path);
