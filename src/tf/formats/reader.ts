import type { Source } from '../../source/source.ts';
import type { TfModel } from '../model.ts';

/** What a file holds; its name and format are those of its source and reader. */
export type ReadContents = (source: Source, path: string) => Promise<Omit<TfModel, 'name' | 'format'>>;

export interface Reader {
  readonly name: string;
  readonly looksFor: string;
  matches(source: Source): Promise<readonly string[]>;
  /** Loads what reads the file: most formats are not those of a model. */
  load(): Promise<ReadContents>;
}

export async function matchingFiles(
  source: Source,
  extension: RegExp,
  test: (path: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const paths = await source.list();
  const accepted: string[] = [];
  for (const path of paths) if ((paths.length === 1 || extension.test(path)) && (await test(path))) accepted.push(path);
  return accepted;
}
