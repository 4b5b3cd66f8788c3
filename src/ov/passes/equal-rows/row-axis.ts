import type { Value } from '../../graph.ts';

/** Where a value has rows, such as those of detections: `axis` has `per` positions for each row, one row after the other. */
export interface RowAxis {
  readonly axis: number;
  readonly per: number;
}

/** Where values have rows. */
export type RowsOf = (value: Value) => RowAxis | undefined;

export const sameRows = (a: RowAxis, b: RowAxis): boolean => a.axis === b.axis && a.per === b.per;

/** Returns the axis of `value` that broadcasting aligns with an axis of a value of rank `rank`; negative if there is none. */
export const alignedAxis = (value: Value, axis: number, rank: number): number => axis - rank + value.shape.length;

/** Returns the shape of a value if it has `count` rows. */
export const shapeWith = (value: Value, { axis, per }: RowAxis, count: number): readonly number[] =>
  (value.shape as readonly number[]).with(axis, count * per);
