import type { Source } from '../../source/source.ts';
import type { TfModel } from '../model.ts';

/** One input format. */
export interface Reader {
  /** The format's name, as `TfModel.format` carries it. */
  readonly name: string;
  /** What a folder must hold for it, in words that end a sentence. */
  readonly looksFor: string;
  /** The files of `source` that are models of this format, seen from their first bytes. */
  matches(source: Source): Promise<readonly string[]>;
  /** @throws DecantError */
  read(source: Source, path: string): Promise<TfModel>;
}

/**
 * The files that `test` accepts: of a folder only those whose names end as the format's do, but a single file by any
 * name, because the user chose it.
 */
export async function filesThat(
  source: Source,
  ending: RegExp,
  test: (path: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const paths = await source.list();
  const accepted: string[] = [];
  for (const path of paths) if ((paths.length === 1 || ending.test(path)) && (await test(path))) accepted.push(path);
  return accepted;
}
