/**
 * This package's version; a test holds it equal to package.json's.
 *
 * @example
 * ```ts
 * import { VERSION } from 'decant';
 *
 * console.log(VERSION);
 * ```
 */
export const VERSION = '0.1.0';
