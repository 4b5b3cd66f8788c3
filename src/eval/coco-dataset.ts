import type { ImageId } from '../results/result-writer.ts';
import type { Segmentation } from './segmentation.ts';

/** COCO's box in pixels: top left corner and size. */
export type BoxLengths = readonly [x: number, y: number, width: number, height: number];

/** A COCO annotation file: the objects in each image. */
export interface CocoDataset {
  readonly images: readonly CocoImage[];
  readonly categories: readonly CocoCategory[];
  readonly annotations: readonly CocoAnnotation[];
}

/**
 * An image of a COCO data set: the path relative to the folder of images, empty if missing, and the size in pixels, 0 if
 * missing.
 */
export interface CocoImage {
  readonly id: ImageId;
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
}

/** A class of a COCO data set. */
export interface CocoCategory {
  readonly id: number;
  readonly name: string;
}

/**
 * An object in an image, or a crowd of objects: detections in it count neither for nor against the detector. The area is in
 * square pixels: of the mask if there is one, else of the box.
 */
export interface CocoAnnotation {
  readonly id: number | string;
  readonly imageId: ImageId;
  readonly categoryId: number;
  readonly bbox: BoxLengths;
  readonly area: number;
  readonly crowd: boolean;
  readonly segmentation?: Segmentation | undefined;
}

/** A detection of a COCO results file. */
export interface CocoResult {
  readonly imageId: ImageId;
  readonly categoryId: number;
  readonly bbox: BoxLengths;
  readonly score: number;
  readonly segmentation?: Segmentation | undefined;
}
