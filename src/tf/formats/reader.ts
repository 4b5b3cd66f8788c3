import type { Source } from '../../source/source.ts';
import type { TfModel } from '../model.ts';

export interface Reader {
  readonly name: string;
  readonly looksFor: string;
  matches(source: Source): Promise<readonly string[]>;
  read(source: Source, path: string): Promise<TfModel>;
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
