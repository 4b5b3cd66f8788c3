/** Pixels of an object in a COCO file. */
export type Segmentation = readonly Polygon[] | EncodedMask;

/** x and y of each corner, alternating, in pixels. */
export type Polygon = readonly number[];

/**
 * A run-length encoded mask: lengths of alternating runs outside and inside, column by column, as numbers or in COCO's
 * compressed text.
 */
export interface EncodedMask {
  readonly size: readonly [height: number, width: number];
  readonly counts: string | readonly number[];
}
