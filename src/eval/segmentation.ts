/** The pixels of an object as COCO's files give them. */
export type Segmentation = readonly Polygon[] | EncodedMask;

/** x and y of each corner in turn, in pixels. */
export type Polygon = readonly number[];

/** Counts of pixels in turn outside and inside, column by column; as numbers, or in COCO's text form. */
export interface EncodedMask {
  readonly size: readonly [height: number, width: number];
  readonly counts: string | readonly number[];
}
