import type { Source } from '../../source/source.ts';
import type { TfModel } from '../model.ts';

export interface Reader {
  readonly name: string;
  readonly looksFor: string;
  /** The files of `source` that are models of this format, by their first bytes. */
  matches(source: Source): Promise<readonly string[]>;
  read(source: Source, path: string): Promise<TfModel>;
}

/** The files that `test` accepts. The extension must match, except for a single file, which the user chose. */
export async function filesThat(
  source: Source,
  extension: RegExp,
  test: (path: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const paths = await source.list();
  const accepted: string[] = [];
  for (const path of paths) if ((paths.length === 1 || extension.test(path)) && (await test(path))) accepted.push(path);
  return accepted;
}
