/**
 * The structure of an input, which mutations change and the minimizer reduces. `label` says what a part is (a field, a key,
 * a tag), `form` how its format writes it.
 */
export type Tree = List | Text | Numeric | Bytes;

interface Part {
  readonly label: string;
  readonly form: string;
}

export interface List extends Part {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export interface Text extends Part {
  readonly kind: 'text';
  readonly value: string;
}

export interface Numeric extends Part {
  readonly kind: 'number';
  readonly value: number | bigint;
}

export interface Bytes extends Part {
  readonly kind: 'bytes';
  readonly value: Uint8Array;
}

export const list = (label: string, form: string, items: readonly Tree[]): List => ({
  kind: 'list',
  label,
  form,
  items,
});

export const text = (label: string, form: string, value: string): Text => ({ kind: 'text', label, form, value });

export const numeric = (label: string, form: string, value: number | bigint): Numeric => ({
  kind: 'number',
  label,
  form,
  value,
});

export const bytes = (label: string, form: string, value: Uint8Array): Bytes => ({ kind: 'bytes', label, form, value });

/** Positions in the lists from the root to a part. */
export type Path = readonly number[];

/** Lists the parts of a tree with their paths, the root first. */
export function partsOf(tree: Tree): readonly (readonly [path: Path, part: Tree])[] {
  const parts: (readonly [Path, Tree])[] = [[[], tree]];
  for (const [path, part] of parts) {
    if (part.kind === 'list') part.items.forEach((item, i) => parts.push([[...path, i], item]));
  }
  return parts;
}

/** Returns the tree with the part at `path` replaced by any number of parts; the root by the first of them. */
export function replaceAt(tree: Tree, path: Path, by: readonly Tree[]): Tree {
  const [at, ...rest] = path;
  if (at === undefined || tree.kind !== 'list') return by[0] ?? tree;
  if (rest.length === 0) return { ...tree, items: [...tree.items.slice(0, at), ...by, ...tree.items.slice(at + 1)] };
  return { ...tree, items: tree.items.with(at, replaceAt(tree.items[at]!, rest, by)) };
}
