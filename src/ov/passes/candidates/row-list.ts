import type { Value } from '../../graph.ts';

/** The rows that an NMS selects, or an ordered part of them, as the ops after the NMS arrange them. */
export type RowList =
  | { readonly kind: 'selected' }
  /** A table with `perClass` rows for each class, in which the selected rows are followed by fillers. */
  | { readonly kind: 'table'; readonly perClass: number; readonly classes: number }
  | { readonly kind: 'sorted'; readonly of: RowList; readonly key: Value }
  | { readonly kind: 'filtered'; readonly of: RowList; readonly mask: Value }
  | { readonly kind: 'first'; readonly of: RowList };

/** What a value is, provided that the NMS selects many rows. */
export type Meaning =
  | RowsMeaning
  /** The selected rows, followed by rows of fillers. */
  | { readonly kind: 'extended'; readonly rows: Value; readonly fillers: number; readonly filler: number | undefined }
  /** Class of each selected row [1, n]; whether it is class i [C, n]; per class: rows, first row, positions, valid ones. */
  | { readonly kind: 'class-row' | 'membership' | 'counts' | 'starts' | 'positions' | 'valid' }
  /** Positions [1, k] of the rows of `list` in the list that it filters. */
  | { readonly kind: 'positions-row'; readonly list: RowList }
  /** The shape of a value with a row per row of an endless list. */
  | { readonly kind: 'shape' }
  /** A number of rows that is at least as large as any limit that the graph compares it with. */
  | { readonly kind: 'many'; readonly isLengthOf: RowList | undefined }
  /** A value that does not depend on how many rows there are. */
  | { readonly kind: 'plain'; readonly value: Value };

/** What the values of a region are. */
export interface Meanings {
  readonly of: (value: Value) => Meaning;
  /** The class of each selected row, if it is in use. */
  readonly classes: () => Value | undefined;
}

/** A value with a row per row of `list`: its first axis, or its first two if `list` is a table that is not flattened. */
export interface RowsMeaning {
  readonly kind: 'rows';
  readonly list: RowList;
  readonly axes: 1 | 2;
  /** The list whose positions the value consists of, or the selected rows and a filler. */
  readonly pointsTo?: RowList | 'extended' | undefined;
  /** The element of filler rows, if all have the same. */
  readonly filler?: number | undefined;
}

/** The lists that `list` is made from, itself included, outermost first. */
export function lineage(list: RowList): readonly RowList[] {
  return 'of' in list ? [list, ...lineage(list.of)] : [list];
}

/** The list whose number of rows is, by definition, that of `list`. */
export const lengthOf = (list: RowList): RowList => (list.kind === 'sorted' ? lengthOf(list.of) : list);

export const tableSize = (list: RowList): number | undefined =>
  list.kind === 'table' ? list.classes * list.perClass : undefined;
