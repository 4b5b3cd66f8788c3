/** A point of an object, like a person's left elbow. */
export interface Keypoint {
  /** As COCO spells it, of a network with COCO's 17 points of a person. */
  readonly name?: string;
  /** In pixels of the original picture, with fractions; it may lie outside. */
  readonly x: number;
  readonly y: number;
  /** 0..1; 1 where the network gives none. */
  readonly score: number;
}
