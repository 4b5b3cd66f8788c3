import { createRequire } from 'node:module';
import type Koffi from 'koffi';

let loaded: typeof Koffi | undefined;

/** Loads the native module at first use: most programs that import decant have something to do before. */
export const koffi = (): typeof Koffi => (loaded ??= createRequire(import.meta.url)('koffi') as typeof Koffi);
