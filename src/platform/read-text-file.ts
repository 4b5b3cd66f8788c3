import { readFile } from 'node:fs/promises';
import { fileError } from './file-error.ts';

export const readTextFile = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((thrown: unknown) => {
    throw fileError(path, thrown);
  });
