import { list, type List, type Tree } from './tree.ts';

/** Files by path: the input of a reader. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A reader to fuzz. */
export interface Target {
  readonly name: string;
  readonly about: string;
  /** Makes the valid inputs that mutations start from, each a list of `file`s. */
  seeds(): Promise<readonly Seed[]>;
  /** Writes the content of a file. */
  print(path: string, content: Tree): Uint8Array;
  /** Reads an input as far as decant can without running it. Any error that is not the input's fault is a finding. */
  run(files: Files): Promise<void>;
}

/** Reads or makes one valid input when it is needed. */
export type Seed = () => Tree | Promise<Tree>;

export const input = (...files: readonly Tree[]): List => list('input', 'files', files);

export const file = (path: string, content: Tree): Tree => list(path, 'file', [content]);

/** A part that is written as is, whatever the format of its file. */
export const RAW = 'raw';

/** Writes the files of an input. */
export const printFiles = (target: Target, tree: Tree): Files =>
  new Map(
    (tree.kind === 'list' ? tree.items : []).map(part => {
      const content = part.kind === 'list' ? part.items[0] : undefined;
      if (content?.kind === 'bytes' && content.form === RAW) return [part.label, content.value];
      return [part.label, content === undefined ? new Uint8Array(0) : target.print(part.label, content)];
    }),
  );

/** Writes a text as UTF-8, lone surrogates as replacement characters. */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
