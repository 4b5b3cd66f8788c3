/** A point of an object, like a person's left elbow, in fractional pixels of the original image; may be outside of it. */
export interface Keypoint {
  /** COCO's name, if the model predicts COCO's 17 keypoints of a person. */
  readonly name?: string;
  readonly x: number;
  readonly y: number;
  /** 0..1; 1 if the model predicts no scores. */
  readonly score: number;
}
